using System.Text.Json;
using System.Text.Json.Serialization;
using Backprop.Runner.Editing;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Tests.Runner.Editing;

/// <summary>Completion and quick info. A bar in the code marks the cursor.</summary>
public sealed partial class LanguageServiceTests : SessionTest
{
    [Theory]
    [InlineData("alp|", "alpha", "field")]
    [InlineData("Alpha.Be|", "Beta", "property")]
    [InlineData("new Alpha().Ga|", "Gamma", "method")]
    [InlineData("int twice = Dou|", "Double", "method")]
    [InlineData("Alp|", "Alpha", "class")]
    [InlineData("var g = new Gre|", "Greek", "struct")]
    [InlineData("new StringBuil|", "StringBuilder", "class")]
    [InlineData("new Regul|", "RegularExpression", "class")]
    [InlineData("disp|", "display", "method")]
    [InlineData("new int[0].Wher|", "Where", "method")]
    [InlineData("System.Thr|", "Threading", "namespace")]
    [InlineData("fore|", "foreach", "keyword")]
    [InlineData("void F(int argument) { int local = arg|", "argument", "parameter")]
    [InlineData("{ int local = 1; loc| }", "local", "local")]
    [InlineData("foreach (var item in new int[2]) { Console.Write(it|", "item", "local")]
    public async Task Completions_have_their_kind(string code, string text, string kind)
    {
        await Run("int alpha = 1; int Double(int n) => 2 * n; struct Greek; class Alpha { public static int Beta => 1; public void Gamma() { } }");
        await Run("using RegularExpression = System.Text.RegularExpressions.Regex;");

        var first = (await CompleteAsync(code)).Items[0];

        Assert.Equal((text, kind), (first.Text, first.Kind));
    }

    [Fact]
    public async Task Quick_info_has_the_doc_comments_of_loaded_files()
    {
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "A.cs"),
            "static class A\n{\n    /// <summary>Twice a <see cref=\"B\"/>, see <c>n * 2</c>.</summary>\n    public static int Twice(int n) => n * 2;\n}\n\nclass B { }",
            TestContext.Current.CancellationToken);
        await Run("#load \"A.cs\"\nusing static A;");

        Assert.Equal("Twice", (await CompleteAsync("Twi|")).Items[0].Text);
        var info = await InspectAsync("Twi|ce(2)");
        Assert.Equal("int A.Twice(int n)\nTwice a B, see n * 2.", info!.Text);
        Assert.Equal("```csharp\nint A.Twice(int n)\n```\n\nTwice a B, see n \\* 2.", info.Markdown);
    }

    [Fact]
    public async Task A_cell_being_edited_sees_the_files_that_it_loads()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "A.cs"), "static class A { public static int One => 1; }", TestContext.Current.CancellationToken);

        Assert.Equal("One", (await CompleteAsync("#load \"A.cs\"\nA.|")).Items.First(item => item.Kind == "property").Text);
    }

    [Fact]
    public async Task The_newest_declaration_of_a_name_is_seen()
    {
        await Run("var a = 1;");
        Assert.DoesNotContain(await TextsAsync("a.|"), text => text == "Length");
        await Run("var a = \"text\";");
        Assert.Contains("Length", await TextsAsync("a.|"));
        await Run("var b = a;");
        await Run("var a = new { Newest = 1 };");

        Assert.Equal(["Newest"], await TextsAsync("a.Ne|"));
        Assert.Equal(["a"], (await TextsAsync("a|")).Where(text => text == "a"));
        Assert.Equal("(field) string b", (await InspectAsync("b|"))!.Text);
    }

    [Fact]
    public async Task Declarations_of_a_cell_that_threw_are_seen()
    {
        await Run("var before = 1;");
        await Run("var thrown = 1; throw new Exception();");
        await Run("var wrong = nothing;");

        Assert.Equal(["before"], await TextsAsync("befo|"));
        Assert.Equal(["throw", "thrown"], await TextsAsync("thro|"));
        Assert.Empty(await TextsAsync("wron|"));
    }

    [Fact]
    public async Task Declarations_of_a_running_cell_are_not_seen_yet()
    {
        await Run("var done = 1;");
        var running = Run("var doing = 1; while (!System.IO.File.Exists(\"go\")) System.Threading.Thread.Sleep(10);");

        Assert.Equal(["done"], (await TextsAsync("do|")).Where(text => text.StartsWith("do", StringComparison.Ordinal) && text is not ("do" or "double")));

        await File.WriteAllTextAsync(Path.Combine(Folder, "go"), "", TestContext.Current.CancellationToken);
        await running;
        Assert.Contains("doing", await TextsAsync("do|"));
    }

    [Fact]
    public async Task Completion_works_while_cells_run()
    {
        await Run("var number = 0;");
        var typing = Task.Run(
            async () =>
            {
                for (var i = 0; i < 30; i++)
                {
                    Assert.Contains("number", await TextsAsync("numb|"));
                }
            },
            TestContext.Current.CancellationToken);
        for (var i = 1; i <= 20; i++)
        {
            Assert.True(await Run($"var number{i} = {i};"));
        }

        await typing;
        Assert.Equal(21, (await TextsAsync("number|")).Count(text => text.StartsWith("number", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_package_that_a_failing_cell_references_is_seen()
    {
        Sdk.Require();
        Assert.Empty(await TextsAsync("XPlot.Plotly.Cha|"));

        Assert.False(await Run("#r \"nuget: XPlot.Plotly, 4.1.0\"\nint wrong = nothing;"));

        Assert.Equal("Chart", (await TextsAsync("XPlot.Plotly.Cha|"))[0]);
    }

    [Theory]
    [InlineData("|", 0, 0)]
    [InlineData("Con|", 0, 3)]
    [InlineData("Con|sole.Write(1)", 0, 7)]
    [InlineData("var i = 1;\nCon|", 11, 14)]
    [InlineData("var s = \"😀 é\"; Con|", 16, 19)]
    [InlineData("#r \"nuget: Some.Package, 1.0\"\nCon|", 30, 33)]
    [InlineData("#load \"missing.cs\"\nCon|", 19, 22)]
    [InlineData("#!csharp\nCon|", 9, 12)]
    [InlineData("for (int i = 0; i <\nvar = = ; Con|", 30, 33)]
    public async Task Completions_have_the_range_that_they_replace(string code, int start, int end)
    {
        var list = await CompleteAsync(code);

        Assert.Equal((start, end), (list.Start, list.End));
        Assert.Contains("Console", list.Items.Select(item => item.Text));
    }

    [Theory]
    [InlineData("\"Con|\"")]
    [InlineData("\"Con|")]
    [InlineData("// Con|")]
    [InlineData("/* Con| */")]
    [InlineData("#r \"nuget: Con|")]
    [InlineData("#r \"nuget: Con|\"")]
    [InlineData("#load \"Con|")]
    [InlineData("#!Con|")]
    [InlineData("Console.Nothing|")]
    [InlineData("nothing.|")]
    public async Task Where_nothing_fits_there_are_no_completions(string code)
    {
        var list = await CompleteAsync(code);

        Assert.Empty(list.Items);
        Assert.InRange(list.Start, 0, list.End);
    }

    [Theory]
    [InlineData("Console.writel|", "WriteLine")]
    [InlineData("Console.wl|", "WriteLine")]
    [InlineData("Console.WL|", "WriteLine")]
    [InlineData("n.dd|", "deep_down")]
    public async Task Lower_case_and_initials_match_names(string code, string text)
    {
        await Run("var n = new { deep_down = 1 };");

        Assert.Contains(text, await TextsAsync(code));
    }

    [Fact]
    public async Task The_best_match_comes_first_and_other_names_are_omitted()
    {
        await Run("class C { public int Other, Also_get, unget, getting, Get, get; }");

        Assert.Equal(["get", "Get", "getting", "Also_get", "unget"], (await TextsAsync("new C().get|")).Where(text => text is not ("GetHashCode" or "GetType")));
    }

    [Fact]
    public async Task A_generic_type_is_displayed_with_brackets_and_inserted_without()
    {
        var list = (await CompleteAsync("new Lis|")).Items.First(item => item.Text == "List");

        Assert.Equal(("List<>", "class"), (list.Display, list.Kind));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public async Task A_position_outside_the_code_is_an_error_that_names_it(int position)
    {
        var error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Session.CompleteAsync("abc", position, TestContext.Current.CancellationToken));
        Assert.Contains($"{position}", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Session.InspectAsync("abc", position, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("nu|mber", "(field) int number")]
    [InlineData("number|", "(field) int number")]
    [InlineData("|number + 1", "(field) int number")]
    [InlineData("var s = \"😀\"; num|ber", "(field) int number")]
    [InlineData("Ad|d(1, 2)", "int Add(int a, int b)\nA sum.\n\nReturns:\n  a + b < c.")]
    [InlineData("Add(|)", "int Add(int a, int b)\nA sum.\n\nReturns:\n  a + b < c.")]
    [InlineData("Add(1, |", "int Add(int a, int b)\nA sum.\n\nReturns:\n  a + b < c.")]
    [InlineData("new Sum|(1)", "Sum.Sum(int start)")]
    [InlineData("new Sum(|", "Sum.Sum(int start)")]
    [InlineData("Number.O|ne", "Number.One = 1\nNot two.")]
    public async Task A_name_is_described(string code, string text)
    {
        await Run(
            """
            int number = 1;
            enum Number
            {
                /// <summary>Not two.</summary>
                One = 1,
            }
            /// <summary>A sum.</summary>
            /// <returns>a + b &lt; c.</returns>
            int Add(int a, int b) => a + b;
            class Sum(int start) { public int Start => start; }
            """);

        Assert.Equal(text, (await InspectAsync(code))!.Text);
    }

    [Theory]
    [InlineData("|")]
    [InlineData("nothing|")]
    [InlineData("1 + 2;|")]
    [InlineData("// nu|mber")]
    [InlineData("#r \"nug|et: Some.Package\"")]
    [InlineData("#load \"miss|ing.cs\"")]
    [InlineData("(|")]
    public async Task Where_there_is_no_name_there_is_no_quick_info(string code)
    {
        await Run("int number = 1;");

        Assert.Null(await InspectAsync(code));
    }

    [Fact]
    public async Task Quick_info_has_the_doc_comments_of_the_framework()
    {
        Sdk.Require();

        var info = await InspectAsync("Console.Write|Line()");

        Assert.StartsWith("void Console.WriteLine()", info!.Text, StringComparison.Ordinal);
        Assert.Contains("line terminator", info.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", CodeState.Complete)]
    [InlineData("var a = 1;", CodeState.Complete)]
    [InlineData("1 + 1", CodeState.Complete)]
    [InlineData("Add(1, 2)", CodeState.Complete)]
    [InlineData("// a comment", CodeState.Complete)]
    [InlineData("if (true) { }", CodeState.Complete)]
    [InlineData("#r \"nuget: Some.Package, 1.0\"\n#load \"missing.cs\"", CodeState.Complete)]
    [InlineData("#!csharp\n1 + 1", CodeState.Complete)]
    [InlineData("nothing.Here()", CodeState.Complete)]
    [InlineData("if (true)", CodeState.Incomplete)]
    [InlineData("1 +", CodeState.Incomplete)]
    [InlineData("var a = 1", CodeState.Incomplete)]
    [InlineData("/* a comment", CodeState.Incomplete)]
    [InlineData("var s = \"\"\"\n  text", CodeState.Incomplete)]
    [InlineData("var s = @\"text", CodeState.Incomplete)]
    [InlineData("Add(1,", CodeState.Incomplete)]
    [InlineData("class C\n{", CodeState.Incomplete)]
    [InlineData("var = ;", CodeState.Invalid)]
    [InlineData("Add)1", CodeState.Invalid)]
    [InlineData("}", CodeState.Invalid)]
    [InlineData("#!time\n1 + 1", CodeState.Invalid)]
    [InlineData("#r \"nuget: \"", CodeState.Invalid)]
    public void Code_is_complete_incomplete_or_invalid(string code, CodeState state) => Assert.Equal(state, CodeStatus.Of(code).State);

    [Theory]
    [InlineData("if (true)\n{", "    ")]
    [InlineData("if (true) {\n    if (true) {", "        ")]
    [InlineData("if (true) {\n    Add(1, 2);", "    ")]
    [InlineData("if (true) {\n    Add(1,", "        ")]
    [InlineData("if (true) {\n  a[0] = \"((\";", "  ")]
    [InlineData("if (true) { // ((", "    ")]
    [InlineData("if (true) {\n    x();\n    } else {", "        ")]
    [InlineData("void F() {\n\tif (true) {\n\t}", "\t")]
    [InlineData("if (true) {\n", "")]
    [InlineData("1", "")]
    public void The_next_line_is_indented_like_the_last_plus_a_step_for_each_open_bracket(string code, string indent) =>
        Assert.Equal(indent, CodeStatus.Of(code).Indent);

    [Fact]
    public async Task Requests_may_be_concurrent_and_overlap_with_compiling_a_cell()
    {
        for (var i = 0; i < 5; i++)
        {
            var running = Run($"record Point{i}(List<int> X); var p{i} = new Point{i}([{i}]);" + (i == 0 ? "" : $" p{i - 1}.X.AddRange(p{i}.X);"));
            var warmedUp = Session.WarmUpLanguageServiceAsync();
            var completed = await Task.WhenAll(TextsAsync("Math.Sqr|"), TextsAsync("new List<int>().Ad|"));

            Assert.Equal(["Sqrt", "Add"], completed.Select(texts => texts[0]));
            Assert.True(await running);
            await warmedUp;
        }

        Assert.True(await Run("p0.X.Concat(p4.X).Count()"));
        Assert.Equal("3", Assert.IsType<ValueOutput>(Assert.Single(Outputs)).Data["text/plain"]);
    }

    [Fact]
    public async Task Results_survive_serialization_to_JSON()
    {
        var list = await CompleteAsync("Console.Writ|");
        var info = await InspectAsync("Console.WriteLin|e()");
        var status = CodeStatus.Of("{");

        var back = JsonSerializer.Deserialize(JsonSerializer.Serialize(list, Json.Default.CompletionList), Json.Default.CompletionList)!;
        Assert.Equal((list.Start, list.End), (back.Start, back.End));
        Assert.Equal(list.Items, back.Items);
        Assert.Equal(info, JsonSerializer.Deserialize(JsonSerializer.Serialize(info, Json.Default.QuickInfo), Json.Default.QuickInfo));
        Assert.Equal(status, JsonSerializer.Deserialize(JsonSerializer.Serialize(status, Json.Default.CodeStatus), Json.Default.CodeStatus));
    }

    [Fact]
    public async Task Without_requests_the_language_services_are_not_loaded()
    {
        using var runner = new RunnerProcess();
        runner.Write(
            "a.dib",
            """
            #!csharp

            foreach (var loaded in AppDomain.CurrentDomain.GetAssemblies()) Console.WriteLine(loaded.GetName().Name);
            var maps = "/proc/self/maps";
            foreach (var mapped in System.IO.File.Exists(maps) ? System.IO.File.ReadLines(maps).Select(System.IO.Path.GetFileName).Distinct() : []) Console.WriteLine(mapped);
            """);

        var ended = await runner.RunAsync("a.dib");

        Assert.Contains("Microsoft.CodeAnalysis.Scripting", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft.CodeAnalysis.Workspaces", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft.CodeAnalysis.Features", ended.Output, StringComparison.Ordinal);
    }

    private Task<CompletionList> CompleteAsync(string code) =>
        Session.CompleteAsync(WithoutBar(code), code.IndexOf('|'), TestContext.Current.CancellationToken);

    private Task<QuickInfo?> InspectAsync(string code) =>
        Session.InspectAsync(WithoutBar(code), code.IndexOf('|'), TestContext.Current.CancellationToken);

    private async Task<IReadOnlyList<string>> TextsAsync(string code) => [.. (await CompleteAsync(code)).Items.Select(item => item.Text)];

    private static string WithoutBar(string code) => code.Remove(code.IndexOf('|'), 1);

    [JsonSerializable(typeof(CompletionList))]
    [JsonSerializable(typeof(QuickInfo))]
    [JsonSerializable(typeof(CodeStatus))]
    private sealed partial class Json : JsonSerializerContext;
}
