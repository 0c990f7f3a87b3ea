using System.Text.Json.Nodes;

namespace Backprop.Runner.Jupyter;

/// <summary>A cell from its request to its end, which is when it is disposed of.</summary>
/// <param name="request">The <c>execute_request</c>.</param>
internal sealed class RunningCell(Message request) : IDisposable
{
    private readonly CancellationTokenSource ended = new();

    /// <summary>The <c>execute_request</c>.</summary>
    public Message Request => request;

    /// <summary>Its code.</summary>
    public string Code { get; } = request.Content.Text("code");

    /// <summary>Whether it runs on behalf of the page and not of its reader.</summary>
    public bool IsSilent { get; } = request.Content.Flag("silent", otherwise: false);

    /// <summary>Whether it gets a number of its own, and a place in the history.</summary>
    public bool IsStored => !IsSilent && request.Content.Flag("store_history", otherwise: true);

    /// <summary>Whether its reader can be asked for input.</summary>
    public bool AllowsInput { get; } = request.Content.Flag("allow_stdin", otherwise: false);

    /// <summary>The expressions whose values are asked for after the cell, with their names.</summary>
    public IReadOnlyList<(string Name, string Code)> Expressions { get; } =
        request.Content["user_expressions"] is JsonObject expressions ? [.. expressions.Select(expression => (expression.Key, expressions.Text(expression.Key)))] : [];

    /// <summary>Whether those that wait behind it are not to run when it fails.</summary>
    public static bool StopsOthers(Message request) => request.Content.Flag("stop_on_error", otherwise: true);

    /// <summary>Is cancelled at the end of the cell.</summary>
    public CancellationToken Ended => ended.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        ended.Cancel();
        ended.Dispose();
    }
}
