#nullable enable annotations
using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>Reads tensors and their names from the forms in which students write them.</summary>
/// <remarks>
/// These are <c>new { w1, b1 }</c>, <c>module.named_parameters()</c>, a module, a dictionary,
/// or pairs such as <c>("w1", w1)</c> in a list or a tuple; an object of another class stands for its public tensors and modules.
/// Anything without names is an error that says what to write.
/// </remarks>
public static class NamedTensors
{
    private const string How = "Write new { w1, b1 } where w1 and b1 are the tensors, or module.named_parameters(), or pairs such as (\"w1\", w1).";

    /// <summary>Returns the tensors with their names, in order; at least one.</summary>
    /// <param name="named">The tensors in one of the forms above. A module among the members of an object stands for its parameters.</param>
    /// <exception cref="ArgumentException">There are no tensors, a name is missing, or a named value is not a tensor.</exception>
    public static IReadOnlyList<(string Name, Tensor Tensor)> Of(object? named)
    {
        var pairs = named switch
        {
            null => throw new ArgumentException($"There are no tensors yet. {How}"),
            Tensor => throw new ArgumentException($"A tensor needs a name, too. {How}"),
            torch.nn.Module module => ParametersOf(module, ""),
            ITuple tuple => PairsOf(tuple),
            string => throw new ArgumentException($"A name alone is not enough. {How}"),
            IEnumerable items => items.Cast<object?>().SelectMany(item => Named(Pair(item))),
            _ => Members(named).SelectMany(Named),
        };
        var tensors = pairs.ToList();
        return tensors.Count > 0 ? tensors : throw new ArgumentException($"It contains no tensors. {How}");
    }

    /// <summary>Returns the name of an element of a tensor, such as <c>w1[0, 1]</c>; the tensor's name alone if it has no dimensions.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="index">The index of the element, counted through all dimensions.</param>
    /// <param name="shape">The tensor's shape.</param>
    public static string At(string name, long index, IReadOnlyList<long> shape) =>
        shape.Count == 0 ? name : $"{name}[{string.Join(", ", Place(index, shape))}]";

    /// <summary>Returns the index of an element along every dimension.</summary>
    /// <param name="index">The index of the element, counted through all dimensions.</param>
    /// <param name="shape">The tensor's shape.</param>
    public static long[] Place(long index, IReadOnlyList<long> shape)
    {
        var place = new long[shape.Count];
        for (var dimension = shape.Count - 1; dimension >= 0; dimension--)
        {
            (index, place[dimension]) = Math.DivRem(index, shape[dimension]);
        }

        return place;
    }

    private static IEnumerable<(string Name, Tensor Tensor)> ParametersOf(torch.nn.Module module, string prefix)
    {
        foreach (var (name, parameter) in module.named_parameters())
        {
            yield return (prefix + name, parameter);
        }
    }

    // A pair, or a tuple of pairs. Names written in a C# tuple do not exist at run time.
    private static IEnumerable<(string Name, Tensor Tensor)> PairsOf(ITuple tuple)
    {
        if (tuple is { Length: 2 } && tuple[0] is string)
        {
            return Named(Pair(tuple));
        }

        return Enumerable.Range(0, tuple.Length).SelectMany(i => Named(Pair(tuple[i])));
    }

    private static (string Name, object? Value) Pair(object? item) => item switch
    {
        ITuple { Length: 2 } tuple when tuple[0] is string name => (name, tuple[1]),
        DictionaryEntry { Key: string name } entry => (name, entry.Value),
        null or Tensor or ITuple => throw new ArgumentException($"A tensor in a list or tuple has no name. {How}"),
        _ when item.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>) && type.GetProperty("Key")!.GetValue(item) is string name
            => (name, type.GetProperty("Value")!.GetValue(item)),
        _ => throw new ArgumentException($"An item is not a pair of a name and a tensor; its type is {item.GetType().Name}. {How}"),
    };

    private static IEnumerable<(string Name, object? Value)> Members(object named)
    {
        const BindingFlags visible = BindingFlags.Public | BindingFlags.Instance;
        // new { … } means every member; a network's class has members other than tensors.
        var isWritten = named.GetType().Name.Contains("AnonymousType", StringComparison.Ordinal);
        foreach (var property in named.GetType().GetProperties(visible))
        {
            if (property.GetIndexParameters().Length == 0 && (isWritten || HoldsTensors(property.PropertyType)))
            {
                yield return (property.Name, property.GetValue(named));
            }
        }

        foreach (var field in named.GetType().GetFields(visible))
        {
            if (HoldsTensors(field.FieldType))
            {
                yield return (field.Name, field.GetValue(named));
            }
        }
    }

    private static bool HoldsTensors(Type type) => typeof(Tensor).IsAssignableFrom(type) || typeof(torch.nn.Module).IsAssignableFrom(type);

    private static IEnumerable<(string Name, Tensor Tensor)> Named((string Name, object? Value) pair) => pair.Value switch
    {
        Tensor tensor => new[] { (pair.Name, tensor) },
        torch.nn.Module module => ParametersOf(module, pair.Name + "."),
        null => throw new ArgumentException($"{pair.Name} has no value yet. Run the cell that creates it first, then this one again."),
        _ => throw new ArgumentException($"{pair.Name} is not a tensor; its type is {pair.Value.GetType().Name}. {How}"),
    };
}
