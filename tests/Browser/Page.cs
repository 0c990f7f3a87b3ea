using System.Text.Json;
using Microsoft.Playwright;

namespace Backprop.Tests.Browser;

/// <summary>A page with its requests and console messages.</summary>
/// <param name="view">The page in the browser.</param>
public sealed class Page(IPage view) : IAsyncDisposable
{
    private const string Home = "http://page.test/";

    /// <summary>The page in the browser.</summary>
    public IPage View { get; } = view;

    /// <summary>The addresses of all requests except for the page itself.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>The console messages and unhandled exceptions.</summary>
    public List<string> Messages { get; } = [];

    /// <summary>Loads the page.</summary>
    /// <param name="head">The content of the head element.</param>
    /// <param name="body">The content of the body element.</param>
    /// <param name="plotly">The path of Plotly, for the answer to all requests; null to fail them.</param>
    public async Task Load(string head, string body, string? plotly)
    {
        View.Console += (_, message) => Messages.Add(message.Text);
        View.PageError += (_, error) => Messages.Add(error);
        await View.RouteAsync("**", route => Answer(route, head, body, plotly));
        await View.GotoAsync(Home);
    }

    /// <summary>Waits until a number of charts are drawn.</summary>
    public async Task Drawn(int charts) =>
        await View.WaitForFunctionAsync("count => document.querySelectorAll('[data-live]').length === count", charts);

    /// <summary>Returns the bounding boxes of all visible texts.</summary>
    public async Task<List<TextBox>> Texts()
    {
        var boxes = await View.EvaluateAsync<JsonElement>("""
            () => [...document.querySelectorAll('text, figcaption span, label, th, td, caption')]
              .filter(text => text.textContent.trim() && text.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
              .map(text => ({ element: text, box: text.getBoundingClientRect() }))
              .filter(({ box }) => box.width)
              .map(({ element, box }) => ({ Text: element.textContent, Left: box.left, Top: box.top, Right: box.right, Bottom: box.bottom }))
            """);
        return boxes.Deserialize<List<TextBox>>()!;
    }

    public async ValueTask DisposeAsync() => await View.CloseAsync();

    private async Task Answer(IRoute route, string head, string body, string? plotly)
    {
        if (route.Request.Url == Home)
        {
            await route.FulfillAsync(new() { ContentType = "text/html", Body = $"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><link rel=\"icon\" href=\"data:,\">{head}</head><body>{body}</body></html>" });
            return;
        }

        Requests.Add(route.Request.Url);
        if (plotly is null)
        {
            await route.AbortAsync();
        }
        else
        {
            await AnswerWithScript(route, plotly);
        }
    }

    /// <summary>Answers a cross-origin request with a script.</summary>
    public static Task AnswerWithScript(IRoute route, string path) =>
        route.FulfillAsync(new() { Path = path, ContentType = "text/javascript", Headers = new Dictionary<string, string> { ["Access-Control-Allow-Origin"] = "*" } });
}

/// <summary>The bounding box of a text, in pixels.</summary>
public sealed record TextBox(string Text, double Left, double Top, double Right, double Bottom)
{
    /// <summary>Returns whether two texts overlap by more than one pixel, which bounding boxes leave around letters.</summary>
    public bool Covers(TextBox other) =>
        Left + 1 < other.Right && other.Left + 1 < Right && Top + 1 < other.Bottom && other.Top + 1 < Bottom;
}
