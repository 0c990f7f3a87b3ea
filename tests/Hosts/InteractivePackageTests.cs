using Backprop.Runner.Outputs;
using Backprop.Tests.Runner;

namespace Backprop.Tests.Hosts;

/// <summary>Code and packages made for .NET Interactive, in a session.</summary>
public sealed class InteractivePackageTests : SessionTest
{
    [Fact]
    public async Task After_an_extension_of_NET_Interactive_is_loaded_cells_still_run()
    {
        Sdk.Require();

        Assert.True(await Run("#r \"nuget: Plotly.NET.Interactive, 3.0.2\""), Error);
        Assert.True(await Run("1 + 1"), Error);

        Assert.Equal("2", Assert.Single(Outputs.OfType<ValueOutput>()).Data["text/plain"]);
    }

    [Fact]
    public async Task An_extension_formats_the_values_of_its_package()
    {
        Sdk.Require();

        Assert.True(await Run("#r \"nuget: Plotly.NET.Interactive, 3.0.2\""), Error);
        Assert.True(await Run("Plotly.NET.GenericChart.ofTraceObject(true, new Plotly.NET.Trace(\"scatter\"))"), Error);

        Assert.Contains("Plotly chart will be drawn inside this DIV", Assert.Single(Outputs.OfType<ValueOutput>()).Data["text/html"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_package_may_need_a_newer_version_of_an_earlier_one()
    {
        Sdk.Require();

        Assert.True(await Run("#r \"nuget: Newtonsoft.Json, 13.0.3\""), Error);
        Assert.True(await Run("#r \"nuget: Plotly.NET, 6.0.0\""), Error);
        Assert.True(await Run("Plotly.NET.GenericChart.ofTraceObject(true, new Plotly.NET.Trace(\"scatter\")).GetType().Name"), Error);
    }

    [Fact]
    public async Task The_kernel_of_a_cell_is_the_session()
    {
        await Run("using Microsoft.DotNet.Interactive; Kernel.Current.Name + ' ' + (Kernel.Root is CompositeKernel) + ' ' + (KernelInvocationContext.Current.HandlingKernel == Kernel.Current)");

        Assert.Equal("csharp True True", Assert.Single(Outputs.OfType<ValueOutput>()).Data["text/plain"]);
    }

    [Fact]
    public async Task A_cell_may_submit_code_to_its_kernel()
    {
        Assert.True(await Run("using Microsoft.DotNet.Interactive;\nvar result = await Kernel.Root.SubmitCodeAsync(\"Console.Write(1); 2\");\nConsole.Write(3);"), Error);

        Assert.Equal(["1", "2", "3"], Outputs.Select(output => output is StreamOutput text ? text.Text : ((ValueOutput)output).Data["text/plain"]));
    }

    [Fact]
    public async Task A_cell_may_submit_code_and_block_until_it_is_done()
    {
        Assert.True(await Run("using Microsoft.DotNet.Interactive;\nKernel.Root.SubmitCodeAsync(\"Console.Write(1);\").Wait();"), Error);

        Assert.Equal("1", Assert.IsType<StreamOutput>(Assert.Single(Outputs)).Text);
    }

    [Fact]
    public async Task A_cell_may_fail_its_command()
    {
        Assert.False(await Run("var context = Microsoft.DotNet.Interactive.KernelInvocationContext.Current;\ncontext.Fail(context.Command, message: \"Not today.\");"));

        Assert.Equal("Not today.", Assert.IsType<ErrorOutput>(Assert.Single(Outputs)).Message);
    }

    [Fact]
    public async Task A_value_is_updated_in_a_later_cell_and_by_a_task_that_outlives_its_cell()
    {
        await Run("var shown = display(\"old\");");
        await Run("shown.Update(\"new\");");
        await Run("var begun = new TaskCompletionSource();\nvar later = Task.Run(async () => { await begun.Task; shown.Update(\"newest\"); display(\"late\"); });");
        await Run("begun.SetResult();\nawait later;");

        var first = Assert.IsType<ValueOutput>(Outputs[0]);
        Assert.Equal(["new", "newest"], Outputs.OfType<ValueUpdate>().Where(update => update.DisplayId == first.DisplayId).Select(update => update.Data["text/plain"]));
        Assert.Equal("late", Assert.IsType<ValueOutput>(Outputs[^1]).Data["text/plain"]);
    }

    private string? Error => Outputs.OfType<ErrorOutput>().FirstOrDefault() is { } error ? string.Join('\n', error.Lines) : null;
}
