#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using XPlot.Plotly;

/// <summary>The loss of every epoch of a training run, as a chart.</summary>
public sealed class LossCurve : RichOutput
{
    private const string Title = "Loss on the four samples";
    private const int TextColumns = 60;

    private readonly IReadOnlyList<float> losses;
    private readonly LinePlot plot;

    /// <summary>Takes the losses.</summary>
    /// <param name="losses">The loss after each epoch, the first epoch first.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public LossCurve(IReadOnlyList<float> losses)
    {
        if (losses is null || losses.Count == 0)
        {
            throw new ArgumentException("There are no losses to draw yet. Run the training cell first.", nameof(losses));
        }

        this.losses = losses;
        plot = new LinePlot(losses) { Title = Title, XTitle = "epoch", YTitle = "loss", Description = $"Line chart. {Summary}" };
        Chart = XPlot.Plotly.Chart.Plot(
            new Scatter { x0 = 1, dx = 1, y = losses.ToArray(), mode = "lines", name = "loss", hoverinfo = "x+y" },
            new Layout.Layout
            {
                title = Title,
                xaxis = new Xaxis { title = "epoch" },
                yaxis = new Yaxis { title = "loss" },
                hovermode = "x",
                paper_bgcolor = "rgba(0,0,0,0)",
                plot_bgcolor = "rgba(0,0,0,0)",
            });
    }

    /// <summary>The chart, for those who want to change it.</summary>
    public PlotlyChart Chart { get; }

    private string Summary
    {
        get
        {
            var broken = losses.Count(loss => !float.IsFinite(loss));
            var ends = losses.Count == 1
                ? $"The loss after 1 epoch is {Number(losses[0])}."
                : $"The loss goes from {Number(losses[0])} after epoch 1 to {Number(losses[^1])} after epoch {losses.Count.ToString(CultureInfo.InvariantCulture)}.";
            return broken == 0 ? ends : $"{ends} In {broken.ToString(CultureInfo.InvariantCulture)} epochs it is no finite number: training diverged.";
        }
    }

    /// <inheritdoc/>
    public override string ToHtml() => PlotlyUpgrade.Figure(plot.ToSvg(), Summary, Chart, Interaction());

    /// <inheritdoc/>
    public override string ToText() => $"{Title}\n{plot.ToBlocks(TextColumns)}\n{Summary}";

    private static JsonObject Interaction() => JsonNode.Parse(
        """
        {
          "margin": {"t": 60, "r": 20},
          "xaxis": {"title": {"text": "epoch"}, "gridcolor": "rgba(128,128,128,.3)", "zeroline": false},
          "yaxis": {"title": {"text": "loss"}, "gridcolor": "rgba(128,128,128,.3)", "zeroline": false, "hoverformat": ".5g"},
          "updatemenus": [{
            "type": "buttons", "direction": "left", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom", "pad": {"t": 0, "b": 0},
            "buttons": [
              {"label": "linear", "method": "relayout", "args": [{"yaxis.type": "linear"}]},
              {"label": "log", "method": "relayout", "args": [{"yaxis.type": "log"}]}
            ]
          }]
        }
        """)!.AsObject();

    private static string Number(float value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
