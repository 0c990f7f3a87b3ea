using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Backprop.Tests;

public sealed class LossCurveTests
{
    private static readonly float[] Lesson = TestData.Losses();

    public static TheoryData<string> OddCurves() => [.. Odd.Keys];

    private static Dictionary<string, float[]> Odd { get; } = new()
    {
        ["one epoch"] = [0.3f],
        ["two epochs"] = [0.5f, 0.25f],
        ["all equal"] = [.. Enumerable.Repeat(0.25f, 100)],
        ["all zero"] = [.. Enumerable.Repeat(0f, 100)],
        ["no number at all"] = [.. Enumerable.Repeat(float.NaN, 100)],
        ["diverged"] = [1, 1e10f, 1e38f, float.PositiveInfinity, float.NaN],
        ["below zero"] = [1, 0, -1, float.NegativeInfinity],
        ["tiny"] = [float.Epsilon, 0, 3 * float.Epsilon],
    };

    [Fact]
    public void Every_epoch_is_in_the_chart_to_the_bit()
    {
        var trace = Assigned(new LossCurve(Lesson), "data")[0]!;

        Assert.Equal(Lesson, trace["y"]!.AsArray().Select(loss => (float)loss!));
        Assert.Equal((1.0, 1.0), ((double)trace["x0"]!, (double)trace["dx"]!));
    }

    [Fact]
    public void The_chart_has_a_title_axis_titles_and_a_hover_text()
    {
        var curve = new LossCurve(Lesson);
        var layout = Assigned(curve, "layout");

        Assert.Equal("Loss by epoch", (string)layout["title"]!);
        Assert.Equal("epoch", (string)layout["xaxis"]!["title"]!);
        Assert.Equal("loss", (string)layout["yaxis"]!["title"]!);
        Assert.StartsWith("epoch %{x:d}<br>loss %{y", (string)Assigned(curve, "data")[0]!["hovertemplate"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void The_lessons_curve_takes_less_than_120_KB() =>
        Assert.InRange(new LossCurve(Lesson).ToHtml().Length, 50_000, 120_000);

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("fa-IR")]
    [InlineData("ar-SA")]
    public void The_html_is_the_same_in_every_culture_and_every_time(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        var here = new LossCurve(Odd["diverged"]);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            var there = new LossCurve(Odd["diverged"]);

            Assert.Equal(here.ToText(), there.ToText());
            Assert.Equal(here.ToHtml(), there.ToHtml());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_html_loads_one_script_by_its_hash_and_has_no_ids()
    {
        var html = new LossCurve(Lesson).ToHtml();

        Assert.Equal([PlotlyUpgrade.Address], Regex.Matches(html, """https?://[^'"\s]*""").Select(match => match.Value));
        Assert.Contains($"integrity: '{PlotlyUpgrade.Integrity}'", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"<[^>]*\sid=", html);
        Assert.DoesNotContain('\r', html);
    }

    [Fact]
    public void The_styles_apply_only_to_its_own_classes()
    {
        var sheets = Regex.Matches(new LossCurve(Lesson).ToHtml(), "<style>(.*?)</style>", RegexOptions.Singleline);
        var selectors = sheets.SelectMany(sheet => Regex.Matches(sheet.Groups[1].Value.Replace("@media print {", "", StringComparison.Ordinal), @"([^\s{}][^{}]*) \{"));

        Assert.True(selectors.Count() > 10);
        Assert.All(selectors, selector => Assert.StartsWith(".backprop-", selector.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void The_picture_has_a_description()
    {
        var (linear, logarithmic) = Descriptions(new LossCurve(Lesson));

        Assert.Equal(
            "Line chart: loss by epoch, on a linear scale. From 0.2475 at epoch 1 to 0.01415 at epoch 5000. "
            + "In between: 0.1881 at epoch 1250, 0.09318 at epoch 2500, 0.03066 at epoch 3750.",
            linear);
        Assert.Equal(linear.Replace("linear", "logarithmic", StringComparison.Ordinal), logarithmic);
    }

    [Fact]
    public void Without_scripts_styles_and_pictures_a_sentence_remains() =>
        Assert.Contains("<figcaption><span>From 0.2475 at epoch 1 to 0.01415 at epoch 5000.</span>", new LossCurve(Lesson).ToHtml(), StringComparison.Ordinal);

    [Fact]
    public void As_text_it_is_a_sentence_and_a_sparkline() =>
        Assert.Equal("Loss by epoch. From 0.8 at epoch 1 to 0.1 at epoch 4.\n0.8 █▅▃▂ 0.1", new LossCurve([0.8f, 0.4f, 0.2f, 0.1f]).ToText());

    [Fact]
    public void As_text_it_fits_a_terminal() =>
        Assert.All(new LossCurve(Lesson).ToText().Split('\n'), line => Assert.InRange(line.Length, 1, 80));

    [Fact]
    public void Non_finite_losses_leave_a_gap_and_are_mentioned()
    {
        var curve = new LossCurve([4, 3, float.NaN, float.PositiveInfinity, 2, 1]);

        Assert.Equal(2, Pictures(curve)[0].Descendants().Single(element => element.Name.LocalName == "path").Attribute("d")!.Value.Count(step => step == 'M'));
        Assert.Contains("Not a finite number in 2 of 6 epochs, first in epoch 3.", Descriptions(curve).Linear, StringComparison.Ordinal);
        Assert.Contains("Not a finite number in 2 of 6 epochs, first in epoch 3.", curve.ToText(), StringComparison.Ordinal);
        Assert.Equal([4f, 3f, null, null, 2f, 1f], Assigned(curve, "data")[0]!["y"]!.AsArray().Select(loss => (float?)loss));
    }

    [Fact]
    public void The_logarithmic_picture_says_what_it_omits() =>
        Assert.EndsWith("Not shown, because they are not above zero: 2.", Descriptions(new LossCurve([1, 0, 0.1f, 0])).Logarithmic, StringComparison.Ordinal);

    [Fact]
    public void No_spike_is_lost_in_the_picture()
    {
        var losses = Enumerable.Repeat(0.1f, 5000).ToArray();
        losses[2345] = 1;
        var steps = Pictures(new LossCurve(losses))[0].Descendants().Single(element => element.Name.LocalName == "path").Attribute("d")!.Value;

        Assert.Contains(" -900 ", steps, StringComparison.Ordinal);
    }

    [Fact]
    public void Losses_may_be_in_double_precision()
    {
        var curve = new LossCurve(new List<double> { 1e-50, 0.1, double.NaN });

        Assert.Equal([1e-50, 0.1, null], Assigned(curve, "data")[0]!["y"]!.AsArray().Select(loss => (double?)loss));
        Assert.Equal(new LossCurve([0.5f, 0.25f]).ToHtml(), new LossCurve([0.5, 0.25]).ToHtml());
    }

    [Fact]
    public void A_million_losses_are_thinned_without_losing_an_extreme_or_a_gap()
    {
        var losses = Enumerable.Range(1, 1_000_000).Select(epoch => 1 + 0.1 * Math.Sin(epoch)).ToArray();
        (losses[123_456], losses[654_321], losses[777_777]) = (9, -9, double.NaN);
        var curve = new LossCurve(losses);
        var trace = Assigned(curve, "data")[0]!;
        var points = trace["x"]!.AsArray().Select(epoch => (int)epoch!).Zip(trace["y"]!.AsArray().Select(loss => (double?)loss)).ToList();

        Assert.InRange(points.Count, 4000, 5000);
        Assert.Contains((123_457, 9.0), points);
        Assert.Contains((654_322, -9.0), points);
        Assert.Contains((777_778, null), points);
        Assert.Equal((1, 1_000_000), (points[0].First, points[^1].First));
        Assert.Equal(points.Select(point => point.First).Distinct().Order(), points.Select(point => point.First));
        Assert.InRange(curve.ToHtml().Length, 10_000, 300_000);
        Assert.Contains("Drawn: the lowest and the highest of every 1000 epochs.", Descriptions(curve).Linear, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_curve_full_of_gaps_stays_small() =>
        Assert.InRange(new LossCurve(Enumerable.Range(0, 300_000).Select(epoch => epoch % 2 == 0 ? 1.0 : double.NaN)).ToHtml().Length, 10_000, 300_000);

    [Theory]
    [MemberData(nameof(OddCurves))]
    public void Unusual_curves_are_drawn_too(string name)
    {
        var curve = new LossCurve(Odd[name]);

        Assert.All(Pictures(curve), picture => Assert.Contains(picture.Descendants(), element => element.Name.LocalName is "circle" || element.Value.StartsWith("no value", StringComparison.Ordinal)));
        Assert.DoesNotContain("NaN", string.Concat(Pictures(curve).Select(picture => picture.ToString())), StringComparison.Ordinal);
        Assert.NotEmpty(curve.ToText());
    }

    [Fact]
    public void Before_the_training_it_says_what_to_do()
    {
        Assert.Contains("Run the training cell first", Assert.Throws<ArgumentException>(() => new LossCurve(null)).Message, StringComparison.Ordinal);
        Assert.Contains("Run the training cell first", Assert.Throws<ArgumentException>(() => new LossCurve([])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_trained_later_is_not_in_the_chart()
    {
        var losses = new List<float> { 2, 1 };
        var curve = new LossCurve(losses);
        losses.Add(0.5f);

        Assert.Contains("to 1 at epoch 2", curve.ToText(), StringComparison.Ordinal);
        Assert.Equal(2, Assigned(curve, "data")[0]!["y"]!.AsArray().Count);
    }

    [Fact]
    public void No_text_of_a_chart_can_end_its_script()
    {
        var chart = XPlot.Plotly.Chart.Plot(new XPlot.Plotly.Scatter { name = "</script><b>" });

        Assert.Equal(1, Regex.Count(PlotlyUpgrade.Of("<svg></svg>", chart, ""), "</script"));
    }

    private static JsonNode Assigned(LossCurve curve, string variable) =>
        JsonNode.Parse(Regex.Match(curve.Chart.GetPlottingJS(), $@"var {variable} = (.*);").Groups[1].Value)!;

    private static List<XElement> Pictures(LossCurve curve) =>
        [.. XElement.Parse($"<p>{Regex.Match(curve.ToHtml(), "<svg.*</svg>", RegexOptions.Singleline).Value}</p>").Elements()];

    private static (string Linear, string Logarithmic) Descriptions(LossCurve curve)
    {
        var pictures = Pictures(curve);
        Assert.All(pictures, picture => Assert.Equal("img", picture.Attribute("role")!.Value));
        return (pictures[0].Attribute("aria-label")!.Value, Assert.Single(pictures.Skip(1)).Attribute("aria-label")!.Value);
    }
}
