#nullable enable
using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using XPlot.Plotly;

/// <summary>Turns a still picture into an interactive Plotly chart, in pages that run scripts and reach the network.</summary>
public static class PlotlyUpgrade
{
    /// <summary>The address of Plotly, pinned to one version.</summary>
    public const string Address = "https://cdn.jsdelivr.net/npm/plotly.js-dist-min@2.35.3/plotly.min.js";

    /// <summary>The hash of that file; with another content it is not run.</summary>
    public const string Integrity = "sha384-MqL7Cy3itNqCI1Wlc926K0XhyRKJ/NMqTaytIIEB+QIdInOploxqRIHRKLlhPykM";

    // Plotly is run with define, module and exports hidden, so that it does not take a page with RequireJS for a module of its own.
    // The figure is looked up by its name: where a script is evaluated outside of its place, currentScript leads nowhere.
    private const string Script =
        """
        (function () {
          var load = window.backpropPlotly = window.backpropPlotly || fetch("ADDRESS", { integrity: "INTEGRITY" })
            .then(function (reply) { return reply.text(); })
            .then(function (code) {
              var before = window.Plotly;
              new Function("define", "module", "exports", code).call(window);
              var plotly = window.Plotly;
              window.Plotly = before;
              return plotly;
            });
          document.querySelectorAll('figure[data-chart="NAME"]:not([data-drawn])').forEach(function (figure) {
            figure.setAttribute("data-drawn", "");
            load.then(function (plotly) {
              var picture = figure.querySelector("svg");
              var chart = document.createElement("div");
              var spec = JSON.parse(figure.querySelector("script").textContent);
              chart.setAttribute("role", "img");
              chart.setAttribute("aria-label", picture.getAttribute("aria-label"));
              figure.insertBefore(chart, picture);
              picture.style.display = "none";
              function ink() { return getComputedStyle(figure).color; }
              spec.layout.font = { color: ink() };
              return plotly.newPlot(chart, spec.data, spec.layout, { responsive: true, displaylogo: false }).then(function () {
                function follow() { if (chart.isConnected) plotly.relayout(chart, { "font.color": ink() }); }
                matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow);
                new MutationObserver(follow).observe(document.body, { attributes: true, attributeFilter: ["class", "data-jp-theme-light"] });
              }, function () {
                chart.remove();
                picture.style.display = "block";
              });
            }).catch(function () { /* the picture stays */ });
          });
        })();
        """;

    /// <summary>A figure that shows a picture, and the chart in its place where it can.</summary>
    /// <param name="svg">The picture.</param>
    /// <param name="caption">What the figure says in words.</param>
    /// <param name="chart">The chart.</param>
    /// <param name="layout">What the chart's layout has beyond what XPlot knows.</param>
    public static string Figure(string svg, string caption, PlotlyChart chart, JsonObject layout)
    {
        var spec = Spec(chart, layout);
        var name = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(spec)))[..12];
        var script = Script.Replace("ADDRESS", Address).Replace("INTEGRITY", Integrity).Replace("NAME", name);
        return $"<figure data-chart=\"{name}\" style=\"margin:0;max-width:720px\">{svg}"
            + $"<figcaption style=\"font:12px sans-serif;opacity:.85\">{caption}</figcaption>"
            + $"<script type=\"application/json\">{spec}</script><script>{script}</script></figure>";
    }

    // XPlot gives its data and its layout as two lines of JavaScript, each a JSON value.
    private static string Spec(PlotlyChart chart, JsonObject extra)
    {
        var lines = chart.GetPlottingJS().Split('\n').Select(line => line.Trim()).ToList();
        var layout = Assigned("var layout = ").AsObject();
        foreach (var (key, value) in extra)
        {
            layout[key] = value?.DeepClone();
        }

        // "<" never stands bare in the JSON, so that no text in it can end the script element.
        return new JsonObject { ["data"] = Assigned("var data = "), ["layout"] = layout }.ToJsonString();

        JsonNode Assigned(string start) => JsonNode.Parse(lines.Single(line => line.StartsWith(start, StringComparison.Ordinal))[start.Length..].TrimEnd(';'))!;
    }
}
