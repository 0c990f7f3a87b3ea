#nullable enable annotations
using System;
using System.Security.Cryptography;
using System.Text;
using XPlot.Plotly;

/// <summary>Covers a static picture with an interactive Plotly chart, wherever scripts run and Plotly can be loaded.</summary>
/// <remarks>
/// Until then, and in print, the static picture is visible, and screen readers always read it. Plotly is loaded once for all charts of a
/// document, as a private module: a Plotly of the page itself, through RequireJS or not, is not touched.
/// </remarks>
public static class PlotlyUpgrade
{
    /// <summary>The last version of Plotly that accepts titles in the format of XPlot.</summary>
    public const string Version = "2.35.3";

    /// <summary>The address of Plotly, the file of the npm package <c>plotly.js-dist-min</c>.</summary>
    public const string Address = $"https://cdn.jsdelivr.net/npm/plotly.js-dist-min@{Version}/plotly.min.js";

    /// <summary>The hash of that file. Browsers reject any other.</summary>
    public const string Integrity = "sha384-MqL7Cy3itNqCI1Wlc926K0XhyRKJ/NMqTaytIIEB+QIdInOploxqRIHRKLlhPykM";

    private const string Style = """
        <style>
        .backprop-plot { position: relative; --backprop-line: var(--vscode-charts-blue, color-mix(in srgb, #2563eb 75%, currentColor)); }
        .backprop-line { stroke: var(--backprop-line); }
        .backprop-dot { fill: var(--backprop-line); }
        .backprop-live { position: absolute; inset: 0; visibility: hidden; }
        .backprop-plot[data-live] > .backprop-live { visibility: visible; }
        .backprop-plot[data-live] > svg { opacity: 0; }
        .backprop-live div { font-family: inherit !important; }
        .backprop-live :is(.gtitle, .xtitle, .ytitle, .xtick > text, .ytick > text) { fill: currentColor !important; }
        .backprop-live .js-line { stroke: var(--backprop-line) !important; }
        .backprop-live .modebar-group { background: none !important; }
        .backprop-live .modebar-btn path { fill: currentColor !important; opacity: .6; }
        .backprop-live .modebar-btn:hover path { opacity: 1; }
        @media print { .backprop-live { display: none; } .backprop-plot[data-live] > svg { opacity: 1; } }
        </style>
        """;

    /// <summary>Returns a picture with the chart that covers it.</summary>
    /// <param name="picture">One or several <c>svg</c> elements, of which one is visible at a time.</param>
    /// <param name="chart">The chart, which is resized to the picture.</param>
    /// <param name="whenDrawn">JavaScript to run after drawing the chart, where <c>plot</c> is the element around the picture, <c>live</c> the chart, and <c>Plotly</c> the library.</param>
    /// <returns>A <c>div</c> element.</returns>
    public static string Of(string picture, PlotlyChart chart, string whenDrawn)
    {
        chart.Id = "chart";
        // No text in the chart may end the script element.
        var draw = chart.GetPlottingJS().Replace("</", "<\\/", StringComparison.Ordinal);
        // A host may run the script far from the picture, so the script finds the picture by this mark. Equal charts have equal scripts.
        var mark = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes((picture + draw + whenDrawn).Replace("\r\n", "\n", StringComparison.Ordinal))))[..16];
        return $$"""
            <div class="backprop-plot" data-plot="{{mark}}">
            {{Style}}
            {{picture}}
            <script>
            (async () => {
              const draw = Plotly => {
            {{draw}}
              };
              const load = async () => {
                const response = await fetch('{{Address}}', { integrity: '{{Integrity}}', credentials: 'omit' });
                const module = { exports: {} };
                new Function('module', 'exports', 'define', await response.text())(module, module.exports);
                return module.exports;
              };
              try {
                const Plotly = await (window.backpropPlotly ??= load());
                for (const plot of document.querySelectorAll('[data-plot="{{mark}}"]')) {
                  if (plot.querySelector('.backprop-live')) continue;
                  const live = document.createElement('div');
                  live.className = 'backprop-live';
                  live.ariaHidden = 'true';
                  plot.append(live);
                  let drawn;
                  draw({ newPlot: (id, data, layout) => {
                    drawn = Plotly.newPlot(live, data, layout, { displaylogo: false, modeBarButtonsToRemove: ['select2d', 'lasso2d', 'zoomIn2d', 'zoomOut2d', 'autoScale2d'] });
                  } });
                  await drawn;
                  {{whenDrawn}}
                  plot.dataset.live = '';
                  new ResizeObserver(() => live.offsetWidth && Plotly.Plots.resize(live)).observe(live);
                }
              } catch {
                window.backpropPlotly = undefined; // The picture stays, and a later chart tries again.
              }
            })();
            </script>
            </div>
            """;
    }
}
