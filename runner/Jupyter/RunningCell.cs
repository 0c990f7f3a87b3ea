using System.Text.Json.Nodes;

namespace Backprop.Runner.Jupyter;

/// <summary>A cell from its request to its end, when it is disposed.</summary>
/// <param name="request">The <c>execute_request</c>.</param>
internal sealed class RunningCell(Message request) : IDisposable
{
    private readonly CancellationTokenSource ended = new();

    /// <summary>The <c>execute_request</c>.</summary>
    public Message Request => request;

    /// <summary>The code.</summary>
    public string Code { get; } = request.Content.Text("code");

    /// <summary>Whether the front end runs the cell for itself, not for its user.</summary>
    public bool IsSilent { get; } = request.Content.Flag("silent", fallback: false);

    /// <summary>Whether the cell increments the execution count and goes into the history.</summary>
    public bool IsStored => !IsSilent && request.Content.Flag("store_history", fallback: true);

    /// <summary>Whether the client accepts requests for input.</summary>
    public bool AllowsInput { get; } = request.Content.Flag("allow_stdin", fallback: false);

    /// <summary>The expressions to evaluate after the cell, with their names.</summary>
    public IReadOnlyList<(string Name, string Code)> Expressions { get; } =
        request.Content["user_expressions"] is JsonObject expressions ? [.. expressions.Select(expression => (expression.Key, expressions.Text(expression.Key)))] : [];

    /// <summary>Returns whether a failure of the cell aborts those waiting behind it.</summary>
    public static bool StopsOnError(Message request) => request.Content.Flag("stop_on_error", fallback: true);

    /// <summary>Cancelled at the end of the cell.</summary>
    public CancellationToken Ended => ended.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        ended.Cancel();
        ended.Dispose();
    }
}
