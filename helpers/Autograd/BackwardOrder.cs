#nullable enable annotations
using System.Collections.Generic;
using System.Linq;

/// <summary>The order in which <c>backward()</c> runs the operations of a graph.</summary>
/// <remarks>
/// The order of autograd's engine (torch/csrc/autograd/engine.cpp): an operation is ready once all operations that pass gradients to it
/// are done, and the next one is the ready operation with the highest sequence number, the one that was recorded last.
/// <c>AccumulateGrad</c> has the highest number of all. Ties are in the order of C++'s <c>std::priority_queue</c>, a binary heap.
/// </remarks>
public static class BackwardOrder
{
    /// <summary>Returns all operations from the root down, in the order in which they run; each comes after all that lead to it.</summary>
    /// <param name="root">The operation of the tensor from which <c>backward()</c> starts.</param>
    public static List<GradFn> Of(GradFn root)
    {
        var next = new Dictionary<GradFn, List<GradFn>>();
        var missing = new Dictionary<GradFn, int>();
        var open = new Stack<GradFn>([root]);
        while (open.TryPop(out var node))
        {
            if (next.ContainsKey(node))
            {
                continue;
            }

            next[node] = node.NextFunctions.OfType<GradFn>().ToList();
            foreach (var to in next[node])
            {
                missing[to] = missing.GetValueOrDefault(to) + 1;
                open.Push(to);
            }
        }

        var order = new List<GradFn>();
        var ready = new ReadyQueue();
        ready.Push(root);
        while (ready.Count > 0)
        {
            var node = ready.Pop();
            order.Add(node);
            foreach (var to in next[node])
            {
                if (--missing[to] == 0)
                {
                    ready.Push(to);
                }
            }
        }

        return order;
    }

    // A binary heap with the highest sequence number on top. It orders ties exactly as std::push_heap and std::pop_heap do.
    private sealed class ReadyQueue
    {
        private readonly List<GradFn> heap = [];

        public int Count => heap.Count;

        public void Push(GradFn node)
        {
            heap.Add(node);
            Rise(heap.Count - 1, node);
        }

        // The hole on top sinks to the bottom, with the greater child taking its place each time; the last node is put there and rises.
        public GradFn Pop()
        {
            var (first, last) = (heap[0], heap[^1]);
            heap.RemoveAt(heap.Count - 1);
            if (heap.Count == 0)
            {
                return first;
            }

            var hole = 0;
            for (var child = 2; child <= heap.Count; child = 2 * hole + 2)
            {
                if (child == heap.Count || heap[child].SequenceNumber < heap[child - 1].SequenceNumber)
                {
                    child--;
                }

                (heap[hole], hole) = (heap[child], child);
            }

            Rise(hole, last);
            return first;
        }

        private void Rise(int hole, GradFn node)
        {
            while (hole > 0 && heap[(hole - 1) / 2].SequenceNumber < node.SequenceNumber)
            {
                (heap[hole], hole) = (heap[(hole - 1) / 2], (hole - 1) / 2);
            }

            heap[hole] = node;
        }
    }
}
