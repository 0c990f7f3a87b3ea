using Microsoft.DotNet.Interactive.Formatting;

namespace Backprop.Tests;

public sealed class RichOutputTests
{
    [Fact]
    public void An_output_has_html_and_text() =>
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(typeof(Sample)).Order());

    [Theory]
    [InlineData("text/html", "<b>sample</b>")]
    [InlineData("text/plain", "sample")]
    public void A_host_shows_each_MIME_type(string mimeType, string form) =>
        Assert.Equal(form, new Sample().ToDisplayString(mimeType));

    [Fact]
    public void ToString_returns_the_text() => Assert.Equal("sample", $"{new Sample()}");

    [Fact]
    public void Other_values_are_left_to_other_formatters()
    {
        using var written = new StringWriter();

        Assert.False(new RichOutputFormatter("text/html", output => output.ToHtml()).Format("other", written));
        Assert.Equal("", written.ToString());
    }

    private sealed class Sample : RichOutput
    {
        public override string ToHtml() => "<b>sample</b>";

        public override string ToText() => "sample";
    }
}
