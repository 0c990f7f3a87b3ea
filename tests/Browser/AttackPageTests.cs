using System.Text.Json;
using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;
using Backprop.Runner.Reports;

namespace Backprop.Tests.Browser;

/// <summary>A report with Markdown and text that try to run a script, in a browser.</summary>
[Parallel]
public sealed class AttackPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Flag = "attack()";
    private const string Head = "<script>function attack() { document.documentElement.dataset.attacked = 1 }</script>";

    private static readonly string[] Attacks =
    [
        $"<script>{Flag}</script>",
        $"<ScRiPt >{Flag}</sCrIpT>",
        $"<img src=x onerror={Flag}>",
        $"<IMG SRC=x OnError=\"{Flag}\">",
        $"<img src=x one\nrror={Flag} onerror\n=\n{Flag}>",
        $"<svg onload={Flag}><script>{Flag}</script></svg>",
        $"<svg><animate onbegin={Flag} attributeName=x dur=1s></svg>",
        $"<svg><a href=\"javascript:{Flag}\"><text y=20>svg link</text></a></svg>",
        $"<svg><use href=\"data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><script>{Flag}</script></svg>#x\"/></svg>",
        $"<math><a xlink:href=\"javascript:{Flag}\">math link</a><mi href=\"javascript:{Flag}\">x</mi></math>",
        $"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror={Flag}&gt;\">",
        $"<math><mi><mglyph><svg><mtext><style><path id=\"</style><img onerror={Flag} src=x>\"></style>",
        $"<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={Flag}>",
        $"<svg></p><style><a id=\"</style><img src=x onerror={Flag}>\">",
        $"<noscript><p title=\"</noscript><img src=x onerror={Flag}>\"></noscript>",
        $"<details open ontoggle={Flag}><summary onclick={Flag}>open</summary>text</details>",
        $"<body onload={Flag}>",
        $"<input autofocus onfocus={Flag}>",
        $"<form action=\"javascript:{Flag}\"><button>send</button><button formaction=\"javascript:{Flag}\">send</button></form>",
        $"<a href=\"javascript:{Flag}\">a</a>",
        $"<a href=\"JaVaScRiPt:{Flag}\">a</a>",
        $"<a href=\" \t\njava\tscript:{Flag}\">a</a>",
        $"<a href=\"&#106;avascript&colon;{Flag}\">a</a>",
        $"<a href=\"&#x6A&#x61&#x76&#x61script:{Flag}\">a</a>",
        $"<a href=\"\u0001javascript:{Flag}\">a</a>",
        $"<a href=\"vbscript:{Flag}\">a</a>",
        $"<a href=\"data:text/html,<script>opener.{Flag}</script>\">a</a>",
        $"<iframe src=\"javascript:parent.{Flag}\"></iframe><iframe srcdoc=\"<script>parent.{Flag}</script>\"></iframe>",
        $"<object data=\"javascript:{Flag}\"></object><embed src=\"javascript:{Flag}\">",
        $"<base href=\"javascript:{Flag}//\"><a href=\"x\">a</a>",
        $"<meta http-equiv=\"refresh\" content=\"0;url=javascript:{Flag}\">",
        $"<link rel=stylesheet href=\"data:text/css,*{{}}\" onload={Flag}>",
        $"<div style=\"background:url(javascript:{Flag})\" onmouseover={Flag}>div</div>",
        $"<template><img src=x onerror={Flag}></template><marquee onstart={Flag}>m</marquee>",
        $"[a](javascript:{Flag})",
        $"[a](JAVASCRIPT:{Flag})",
        $"[a](&#106;avascript:{Flag})",
        $"[a](<java\tscript:{Flag}>)",
        $"[a](data:text/html;base64,PHNjcmlwdD5hPC9zY3JpcHQ+)",
        $"[a](vbscript:{Flag})",
        $"[a]: javascript:{Flag}\n\n[a] [b][a]",
        $"<javascript:{Flag}>",
        $"![x](x\"onerror=\"{Flag})",
        $"![x](javascript:{Flag})",
        $"[a](x){{onclick={Flag} href=javascript:{Flag}}}",
        $"# Heading {{onclick={Flag} onmouseover={Flag}}}",
        $"## <img src=x onerror={Flag}>",
        $"```{{onclick={Flag}}}\n<img src=x onerror={Flag}>\n```",
        $"```\"><img src=x onerror={Flag}>\ncode\n```",
        $"`<img src=x onerror={Flag}>`",
        $"$\\text{{<img src=x onerror={Flag}>}}$ $</math><img src=x onerror={Flag}>$ $\\unknown{{<img src=x onerror={Flag}>}}$",
        $"| <img src=x onerror={Flag}> |\n| --- |\n| [a](javascript:{Flag}) |",
        $"text[^1]\n\n[^1]: <img src=x onerror={Flag}> [a](javascript:{Flag})",
        $"*[HTML]: \"><img src=x onerror={Flag}>\n\nHTML",
        $"![video](https://www.youtube.com/watch?v=x\"onload=\"{Flag})",
        $"</section></main></body></html><script>{Flag}</script>",
        $"<!--><img src=x onerror={Flag}>--> <![CDATA[<img src=x onerror={Flag}>]]>",
    ];

    [Fact]
    public async Task Nothing_in_prose_can_run_a_script() =>
        await RequireHarmless([.. Attacks.Select(Prose)]);

    [Fact]
    public async Task Nothing_in_displayed_Markdown_can_run_a_script() =>
        await RequireHarmless([.. Attacks.Select(attack => Shown("text/markdown", attack))]);

    [Fact]
    public async Task Nothing_in_code_text_errors_and_other_MIME_types_can_run_a_script() =>
        await RequireHarmless(
        [
            .. Attacks.Select(attack => Shown("text/plain", attack)),
            .. Attacks.Select(attack => Shown("application/json", attack)),
            .. Attacks.Select(attack => Shown("image/png", $"\">{attack}")),
            .. Attacks.Select(attack => new ExecutedCell(new Cell(CellKind.Raw, "raw", attack), null, [], default)),
            .. Attacks.Select(attack => new ExecutedCell(
                new Cell(CellKind.Code, "csharp", attack),
                1,
                [new StreamOutput(StreamKind.Out, attack), new StreamOutput(StreamKind.Error, attack), new ErrorOutput(attack, attack, [attack])],
                default)),
        ]);

    [Fact]
    public async Task Displayed_HTML_and_SVG_can_run_scripts_because_charts_need_them()
    {
        foreach (var mimeType in new[] { "text/html", "image/svg+xml" })
        {
            await using var page = await chromium.Open(Report([Shown(mimeType, $"<svg><script>{Flag}</script></svg>")]), online: false, head: Head);

            Assert.True(await IsAttacked(page));
        }
    }

    private async Task RequireHarmless(IReadOnlyList<ExecutedCell> cells)
    {
        await using var page = await chromium.Open(Report(cells), online: false, head: Head);
        await Provoke(page);
        if (!await IsAttacked(page))
        {
            return;
        }

        // Find the cell that runs it.
        foreach (var cell in cells)
        {
            await using var single = await chromium.Open(Report([cell]), online: false, head: Head);
            await Provoke(single);
            Assert.False(await IsAttacked(single), Report([cell]).Split("<main>")[1]);
        }

        Assert.Fail("A script ran, though none of the cells alone runs one.");
    }

    // Clicks, hovers and focuses every element. Navigation away from the page is prevented, except to scripts.
    private static async Task Provoke(Page page)
    {
        await page.View.EvaluateAsync<JsonElement?>("""
            async () => {
              addEventListener('click', event => { const link = event.target.closest('a'); if (link && !/^(javascript|vbscript|data):/i.test(link.protocol ?? link.href?.baseVal)) event.preventDefault(); });
              addEventListener('submit', event => { if (/^https?:/.test((event.submitter?.formAction || event.target.action))) event.preventDefault(); });
              for (const element of document.querySelectorAll('body *')) {
                for (const kind of ['click', 'mouseover', 'focus', 'toggle']) element.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true }));
              }
              await new Promise(done => setTimeout(done, 300));
            }
            """);
    }

    private static async Task<bool> IsAttacked(Page page) =>
        await page.View.EvaluateAsync<bool>("document.documentElement.dataset.attacked !== undefined");

    private static string Report(IReadOnlyList<ExecutedCell> cells) => new HtmlReport("attacks", [.. cells.Select(cell => cell.Cell)], ".").Write(cells, []);

    private static ExecutedCell Prose(string markdown) => new(new Cell(CellKind.Markdown, "markdown", markdown), null, [], default);

    private static ExecutedCell Shown(string mimeType, string text) =>
        new(new Cell(CellKind.Code, "csharp", "1"), 1, [new ValueOutput(new Dictionary<string, string> { [mimeType] = text }, "", IsResult: true)], default);
}
