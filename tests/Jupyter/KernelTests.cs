using System.Diagnostics;
using System.Text.Json.Nodes;
using Backprop.Tests.Runner;

namespace Backprop.Tests.Jupyter;

/// <summary>The kernel at the level of the Jupyter protocol.</summary>
[Parallel]
public sealed class KernelTests : IDisposable
{
    private const string LanguageServices = "Microsoft.CodeAnalysis.Features.dll";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly KernelClient kernel = new();

    public void Dispose() => kernel.Dispose();

    [Fact]
    public void A_cell_is_published_from_busy_to_idle_with_its_outputs_in_order()
    {
        var ran = kernel.Execute("Console.Write(1); Console.Error.Write(2); var d = display(3); Console.Write(4); d.Update(5); 6");

        Assert.Equal("ok", ran.Status);
        Assert.Equal(["stdout:1", "stderr:2", "display_data:3", "stdout:4", "update_display_data:5", "execute_result:6"], ran.Outputs);
        Assert.Equal(("status", "busy"), (ran.Published[0].Type, (string?)ran.Published[0].Content["execution_state"]));
        Assert.Equal(("execute_input", 1), (ran.Published[1].Type, (int?)ran.Published[1].Content["execution_count"]));
        var shown = ran.Published.Where(message => message.Type is "display_data" or "update_display_data").Select(message => (string?)message.Content["transient"]!["display_id"]).ToList();
        Assert.Equal(shown[0], shown[1]);
    }

    [Fact]
    public void Text_is_published_while_the_cell_runs()
    {
        var id = kernel.SendExecute("Console.Write(\"begun\"); while (!System.IO.File.Exists(\"go\")) System.Threading.Thread.Sleep(10); Console.Write(\"done\");");

        Assert.Equal("begun", Next(id, "stream")["text"]!.ToString());
        File.WriteAllText(Path.Combine(kernel.Folder, "go"), "");
        Assert.Equal("done", Next(id, "stream")["text"]!.ToString());
    }

    [FullScopeFact]
    public void Two_hundred_thousand_lines_arrive_completely_and_in_few_messages()
    {
        var ran = kernel.Execute("for (var i = 0; i < 200_000; i++) Console.WriteLine(i);");

        var streams = ran.Published.Where(message => message.Type == "stream").ToList();
        Assert.Equal(string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i}\n")), string.Concat(streams.Select(message => (string?)message.Content["text"])));
        Assert.InRange(streams.Count, 1, 2_000);
    }

    [Fact]
    public void An_error_is_published_and_replied_with_its_traceback()
    {
        var ran = kernel.Execute("var a = 1;\nthrow new InvalidOperationException(\"boo\");");

        Assert.Equal("error", ran.Status);
        Assert.Equal(["System.InvalidOperationException: boo", "at cell [1], line 2"], ran.Reply["traceback"]!.AsArray().Select(line => (string?)line));
        Assert.Equal(ran.Reply["traceback"]!.ToJsonString(), ran.Published.Single(message => message.Type == "error").Content["traceback"]!.ToJsonString());
        Assert.Equal(["execute_result:1"], kernel.Execute("a").Outputs);
    }

    [Fact]
    public void A_silent_cell_shows_no_result_and_does_not_count()
    {
        var silent = kernel.Execute("var a = 5; a", ("silent", true));
        var hidden = kernel.Execute("a", ("store_history", false));
        var next = kernel.Execute("a");

        Assert.Equal(("ok", 0), (silent.Status, silent.Outputs.Count()));
        Assert.DoesNotContain(silent.Published, message => message.Type == "execute_input");
        Assert.Equal(["execute_result:5"], hidden.Outputs);
        Assert.Equal((0, 1), ((int)hidden.Reply["execution_count"]!, (int)next.Reply["execution_count"]!));
    }

    [Fact]
    public void A_failing_cell_aborts_the_cells_behind_it()
    {
        List<string> ids =
        [
            kernel.SendExecute("System.Threading.Thread.Sleep(1000); throw new Exception();"),
            kernel.SendExecute("System.IO.File.WriteAllText(\"ran\", \"\");"),
            kernel.SendExecute("1"),
        ];

        Assert.Equal(["error", "aborted", "aborted"], ids.Select(id => (string?)KernelClient.Reply(kernel.Shell, id)["status"]));
        Assert.False(File.Exists(Path.Combine(kernel.Folder, "ran")));
        Assert.Equal("ok", kernel.Execute("1").Status);
    }

    [Fact]
    public void A_failing_cell_aborts_only_cells_of_its_own_client()
    {
        List<string> ids =
        [
            kernel.SendExecute("System.Threading.Thread.Sleep(1000); throw new Exception();"),
            KernelClient.Send(kernel.Shell, "execute_request", new JsonObject { ["code"] = "1" }, session: "another client"),
            kernel.SendExecute("2"),
            KernelClient.Send(kernel.Shell, "execute_request", new JsonObject { ["code"] = "throw new Exception();" }, session: "another client"),
            kernel.SendExecute("3"),
            KernelClient.Send(kernel.Shell, "execute_request", new JsonObject { ["code"] = "4" }, session: "another client"),
        ];

        Assert.Equal(["error", "ok", "aborted", "error", "aborted", "aborted"], ids.Select(id => (string?)KernelClient.Reply(kernel.Shell, id)["status"]));
        Assert.Equal("ok", kernel.Execute("5").Status);
    }

    [Fact]
    public void Expressions_are_evaluated_after_the_cell_and_not_published()
    {
        var expressions = new JsonObject { ["sum"] = "a + 1", ["boo"] = "throw new InvalidOperationException(\"boo\");", ["none"] = "a = 5;", ["unknown"] = "no such name" };

        var ran = kernel.Execute("var a = 1; display(a);", ("user_expressions", expressions));

        Assert.Equal(["display_data:1"], ran.Outputs);
        var values = ran.Reply["user_expressions"]!;
        Assert.Equal("""{"data":{"text/plain":"2"},"metadata":{},"status":"ok"}""", Plain(values["sum"]!));
        Assert.Equal(("error", "System.InvalidOperationException", "boo"), ((string?)values["boo"]!["status"], (string?)values["boo"]!["ename"], (string?)values["boo"]!["evalue"]));
        Assert.Equal("""{"data":{},"metadata":{},"status":"ok"}""", values["none"]!.ToJsonString());
        Assert.Equal("CompilationError", (string?)values["unknown"]!["ename"]);
        Assert.Equal(["execute_result:5"], kernel.Execute("a").Outputs);
        Assert.Equal(2, (int)kernel.Execute("1", ("store_history", false)).Reply["execution_count"]!);

        static string Plain(JsonNode value)
        {
            value["data"] = new JsonObject { ["text/plain"] = (string?)value["data"]!["text/plain"] };
            return value.ToJsonString();
        }
    }

    [FullScopeFact]
    public void The_first_completion_in_a_front_end_takes_less_than_a_second_once_the_kernel_is_idle()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The test reads the processor time from /proc, which only Linux has.");
        kernel.Execute("var velocity = 0.9;", ("allow_stdin", true));
        var worker = new WorkerTime(kernel.Process.Id);
        Assert.True(SpinWait.SpinUntil(() => worker.HasLoaded(LanguageServices), Patience));
        worker.WaitUntilIdle();

        var before = worker.Used;
        var completed = Help("complete_request", "velocity.CompareT", 17);

        Assert.Equal("CompareTo", (string?)completed["matches"]![0]);
        Assert.InRange(worker.Used - before, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void The_language_services_are_not_loaded_for_a_client_without_a_user()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The test reads the loaded files from /proc, which only Linux has.");
        kernel.Execute("1", ("allow_stdin", false));
        var worker = new WorkerTime(kernel.Process.Id);
        worker.WaitUntilIdle();
        Thread.Sleep(1000);

        Assert.False(worker.HasLoaded(LanguageServices));
    }

    [Fact]
    public void Without_stop_on_error_a_failing_cell_aborts_no_others()
    {
        var failing = kernel.SendExecute("System.Threading.Thread.Sleep(1000); throw new Exception();", ("stop_on_error", false));
        var next = kernel.SendExecute("1");

        Assert.Equal("error", (string?)KernelClient.Reply(kernel.Shell, failing)["status"]);
        Assert.Equal("ok", (string?)KernelClient.Reply(kernel.Shell, next)["status"]);
    }

    [Fact]
    public void A_cell_may_read_lines()
    {
        var id = kernel.SendExecute("Console.Write(\"Name? \"); var name = Console.ReadLine(); Console.Write(name + Console.ReadLine());", ("allow_stdin", true));

        Assert.Equal("Name? ", Next(id, "stream")["text"]!.ToString());
        Answer("{}", "{\"value\": 5}", "{\"value\": \"Ada \"}");
        Answer("{\"value\": \"Lovelace\"}");

        Assert.Equal("ok", (string?)KernelClient.Reply(kernel.Shell, id)["status"]);
        Assert.Equal("Ada Lovelace", Next(id, "stream")["text"]!.ToString());

        void Answer(params string[] contents)
        {
            var asked = KernelClient.Receive(kernel.Stdin);
            Assert.Equal(("input_request", id), (asked.Type, (string?)asked.Parent["msg_id"]));
            Array.ForEach(contents, content => KernelClient.Send(kernel.Stdin, "input_reply", JsonNode.Parse(content)!.AsObject()));
        }
    }

    [Fact]
    public void A_cell_that_reads_input_fails_when_the_client_allows_none()
    {
        var ran = kernel.Execute("Console.ReadLine()", ("allow_stdin", false));

        Assert.Equal("error", ran.Status);
        Assert.Contains("not interactive", (string?)ran.Reply["evalue"], StringComparison.Ordinal);
        Assert.Equal("at cell [1], line 1", (string?)ran.Reply["traceback"]![1]);
    }

    [Fact]
    public void A_prompt_can_be_interrupted_and_its_late_reply_is_discarded()
    {
        var id = kernel.SendExecute("Console.ReadLine()", ("allow_stdin", true));
        KernelClient.Receive(kernel.Stdin);
        kernel.AskControl("interrupt_request", []);
        Assert.Equal("Interrupted", (string?)KernelClient.Reply(kernel.Shell, id)["ename"]);
        KernelClient.Send(kernel.Stdin, "input_reply", new JsonObject { ["value"] = "late" });

        var next = kernel.SendExecute("Console.ReadLine()", ("allow_stdin", true));
        KernelClient.Receive(kernel.Stdin);
        KernelClient.Send(kernel.Stdin, "input_reply", new JsonObject { ["value"] = "in time" });

        KernelClient.Reply(kernel.Shell, next);
        Assert.Equal("in time", (string?)Next(next, "execute_result")["data"]!["text/plain"]);
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    public void An_endless_cell_is_interrupted_and_the_variables_persist(string code)
    {
        kernel.Execute("var a = 1;");
        var id = kernel.SendExecute("Console.Write(\"begun\"); " + code);
        Next(id, "stream");
        Assert.True(kernel.IsAlive());

        Assert.Equal("ok", (string?)kernel.AskControl("interrupt_request", [])["status"]);

        Assert.Equal("Interrupted", (string?)KernelClient.Reply(kernel.Shell, id)["ename"]);
        Assert.Equal(["execute_result:1"], kernel.Execute("a").Outputs);
    }

    [Fact]
    public void Code_that_cannot_be_interrupted_is_reported_and_ends_with_the_kernel()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The test calls a native function of Linux.");
        var id = kernel.SendExecute("[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int pause();\nConsole.Write(\"begun\");\nwhile (pause() != 0) { pause(); pause(); pause(); pause(); }\nfor (; ; ) Enumerable.Range(0, int.MaxValue).Max();");
        Next(id, "stream");

        kernel.AskControl("interrupt_request", []);

        Assert.Contains("Restart the kernel", Next(id, "stream")["text"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(true, (bool?)kernel.AskControl("shutdown_request", new JsonObject { ["restart"] = true })["restart"]);
        Assert.True(kernel.Process.WaitForExit(TimeSpan.FromSeconds(10)));
        Assert.Equal(0, kernel.Process.ExitCode);
    }

    [Fact]
    public void A_cell_that_ends_its_process_is_named_and_the_session_restarts()
    {
        kernel.Execute("var a = display(1);");

        var ending = kernel.Execute("Console.Write(\"last words\"); Environment.Exit(3);");

        Assert.Equal(["stdout:last words", "error:ProcessEnded"], ending.Outputs);
        Assert.Contains("exited with code 3", (string?)ending.Reply["evalue"], StringComparison.Ordinal);
        Assert.Equal("CompilationError", (string?)kernel.Execute("a").Reply["ename"]);
        Assert.Equal(["execute_result:2"], kernel.Execute("1 + 1").Outputs);
    }

    [Fact]
    public void A_kernel_that_cannot_restart_its_session_exits()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux can limit the open files of another process.");
        Next(kernel.SendExecute("Console.Write(\"begun\");"), "stream");
        using var limit = Process.Start("prlimit", ["--pid", $"{kernel.Process.Id}", "--nofile=1:1"]);
        limit.WaitForExit();

        kernel.SendExecute("Environment.Exit(0);");

        Assert.True(kernel.Process.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.NotEqual(0, kernel.Process.ExitCode);
    }

    [Fact]
    public void Display_ids_differ_before_and_after_a_restart_of_the_session()
    {
        var before = DisplayId(kernel.Execute("display(1);"));
        kernel.Execute("Environment.Exit(0);");

        Assert.NotEqual(before, DisplayId(kernel.Execute("display(1);")));

        static string? DisplayId(KernelClient.Execution ran) => (string?)ran.Published.Single(message => message.Type == "display_data").Content["transient"]!["display_id"];
    }

    [Fact]
    public void The_history_can_be_requested_by_tail_range_and_search()
    {
        foreach (var code in new[] { "var a = 1;", "var b = 2;", "a", "a" })
        {
            kernel.Execute(code);
        }

        Assert.Equal("""[[1,3,"a"],[1,4,"a"]]""", History("""{"hist_access_type": "tail", "n": 2}"""));
        Assert.Equal("""[[1,1,"var a = 1;"],[1,2,"var b = 2;"]]""", History("""{"hist_access_type": "range", "session": 0, "start": 1, "stop": 3}"""));
        Assert.Equal("""[[1,2,["var b = 2;",null]]]""", History("""{"hist_access_type": "search", "pattern": "*b*", "output": true}"""));
        Assert.Equal("""[[1,4,"a"]]""", History("""{"hist_access_type": "search", "pattern": "?", "unique": true}"""));
        Assert.Equal("""[]""", History("""{"hist_access_type": "range", "session": -1, "start": 1, "stop": 3}"""));

        string History(string request) => kernel.Ask("history_request", JsonNode.Parse(request)!.AsObject())["history"]!.ToJsonString();
    }

    [Fact]
    public void Completion_has_declared_names_and_positions_in_code_points()
    {
        kernel.Execute("var velocity = 0.9; int Verify(int n) => n;");

        var completed = Help("complete_request", "\"😀\"; ve", 7);

        Assert.Equal((5, 7), ((int)completed["cursor_start"]!, (int)completed["cursor_end"]!));
        Assert.Contains("velocity", completed["matches"]!.AsArray().Select(match => (string?)match));
        var types = completed["metadata"]!["_jupyter_types_experimental"]!.AsArray();
        Assert.Equal("method", (string?)types.Single(type => (string?)type!["text"] == "Verify")!["type"]);
    }

    [Fact]
    public void Declared_names_are_described()
    {
        kernel.Execute("/// <summary>Half of it.</summary>\nint Halve(int number) => number / 2;");

        var info = Help("inspect_request", "Halve(4)", 3);

        Assert.True((bool)info["found"]!);
        Assert.Contains("Halve(int number)", (string?)info["data"]!["text/plain"], StringComparison.Ordinal);
        Assert.False((bool)Help("inspect_request", "    ", 2)["found"]!);
    }

    [Theory]
    [InlineData("1 + 1", "complete", null)]
    [InlineData("while (true)\n{", "incomplete", "    ")]
    [InlineData("var a = );", "invalid", null)]
    public void Code_is_complete_incomplete_or_invalid(string code, string status, string? indent)
    {
        var reply = kernel.Ask("is_complete_request", new JsonObject { ["code"] = code });

        Assert.Equal((status, indent), ((string?)reply["status"], (string?)reply["indent"]));
    }

    [Theory]
    [InlineData("ab", 3)]
    [InlineData("ab", -1)]
    [InlineData("", 1)]
    public void A_position_outside_the_code_is_an_error(string code, int position) =>
        Assert.Contains("'cursor_pos'", (string?)Help("complete_request", code, position)["evalue"], StringComparison.Ordinal);

    [Fact]
    public void An_invalid_request_gets_an_error_that_says_why()
    {
        Assert.Contains("'code'", (string?)kernel.Ask("execute_request", [])["evalue"], StringComparison.Ordinal);
        Assert.Contains("'silent'", (string?)kernel.Ask("execute_request", new JsonObject { ["code"] = "1", ["silent"] = "no" })["evalue"], StringComparison.Ordinal);
        Assert.Contains("does not support", (string?)kernel.Ask("dance_request", [])["evalue"], StringComparison.Ordinal);
    }

    [Fact]
    public void Comms_are_closed_because_there_are_no_targets()
    {
        var id = KernelClient.Send(kernel.Shell, "comm_open", new JsonObject { ["comm_id"] = "c", ["target_name"] = "t", ["data"] = new JsonObject() });

        Assert.Equal("c", (string?)Next(id, "comm_close")["comm_id"]);
        Assert.Equal("{}", kernel.Ask("comm_info_request", [])["comms"]!.ToJsonString());
    }

    [Fact]
    public void The_kernel_ends_with_the_process_that_started_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows Jupyter itself ends its kernels.");
        using var parent = Process.Start("sleep", "1000");
        using var child = new KernelClient(("JPY_PARENT_PID", $"{parent.Id}"));
        var worker = int.Parse((string)Assert.Single(child.Execute("Environment.ProcessId").Published, message => message.Type == "execute_result").Content["data"]!["text/plain"]!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.False(child.Process.WaitForExit(TimeSpan.FromSeconds(1)));

        parent.Kill();
        parent.WaitForExit();

        Assert.True(child.Process.WaitForExit(TimeSpan.FromSeconds(10)));
        Assert.True(SpinWait.SpinUntil(() => Process.GetProcesses().All(process => process.Id != worker), TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData("{}", "missing")]
    [InlineData("[1", "cannot be read")]
    [InlineData("""{"transport":"udp","ip":"127.0.0.1","shell_port":1,"control_port":1,"stdin_port":1,"iopub_port":1,"hb_port":1,"signature_scheme":"hmac-sha256","key":""}""", "'udp'")]
    [InlineData("""{"transport":"tcp","ip":"127.0.0.1","shell_port":1,"control_port":1,"stdin_port":1,"iopub_port":1,"hb_port":1,"signature_scheme":"hmac-md5","key":""}""", "'hmac-md5'")]
    [InlineData("""{"transport":"tcp","ip":"192.0.2.1","shell_port":0,"control_port":0,"stdin_port":0,"iopub_port":0,"hb_port":0,"signature_scheme":"hmac-sha256","key":""}""", "cannot listen")]
    public async Task An_invalid_connection_file_is_an_error_with_the_reason(string text, string reason)
    {
        using var runner = new RunnerProcess();
        runner.Write("c.json", text);

        var ended = await runner.RunAsync("jupyter", "run", "c.json");

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(reason, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }

    private JsonObject Help(string type, string code, int position) =>
        kernel.Ask(type, new JsonObject { ["code"] = code, ["cursor_pos"] = position });

    private JsonObject Next(string id, string type)
    {
        while (true)
        {
            var (message, content) = kernel.NextPublished(id);
            if (message == type)
            {
                return content;
            }
        }
    }
}
