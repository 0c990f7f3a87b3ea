namespace Backprop.Tests.Jupyter;

/// <summary>The installed kernel with Jupyter's own client library.</summary>
[Collection(nameof(InstalledKernel))]
public sealed class JupyterClientTests(InstalledKernel kernel)
{
    [FullScopeFact]
    public async Task The_kernel_passes_Jupyters_own_test_suite() => await kernel.RunModuleAsync("kernel_suite");

    [FullScopeFact]
    public async Task A_cell_can_read_input_from_the_user() =>
        await PrintsAsync(
            """
            with Kernel() as k:
                print(k.run('Console.Write("Name? "); var name = Console.ReadLine(); Console.WriteLine($"Hello, {name}.");', answer="Ada").text)
                print(k.run("name").values)
            """,
            """
            Name? Hello, Ada.

            ['Ada']
            """);

    [FullScopeFact]
    public async Task A_kernel_can_listen_on_Unix_domain_sockets_and_removes_them() =>
        await PrintsAsync(
            """
            import os, tempfile
            os.chdir(tempfile.mkdtemp())
            with Kernel(transport="ipc") as k:
                print(k.run("1 + 1").values)
                k.begin("Console.Write(1); while (true) { }")
                k.interrupt()
                print(len(os.listdir(".")) >= 5)
                k.manager.shutdown_kernel()
                print(os.listdir("."))
            """,
            """
            ['2']
            True
            []
            """);

    [FullScopeFact]
    public async Task A_cell_that_reads_input_fails_in_a_run_that_is_not_interactive() =>
        await PrintsAsync(
            """
            with Kernel() as k:
                ran = k.run("Console.ReadLine();")
                print(ran.status, "not interactive" in ran.error)
                print(k.run("1 + 1").values)
            """,
            """
            error True
            ['2']
            """);

    [FullScopeTheory]
    [InlineData("while (true) { }")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    [InlineData("Console.ReadLine();")]
    public async Task An_endless_cell_is_interrupted_and_the_kernel_remains_usable(string endless) =>
        await PrintsAsync(
            $$"""
            with Kernel() as k:
                cell = k.begin('var a = 7; Console.Write("begun"); {{endless}}')
                k.interrupt()
                print(k.end(cell)["ename"])
                print(k.run("a").values)
            """,
            """
            Interrupted
            ['7']
            """);

    [FullScopeFact]
    public async Task A_restarted_kernel_has_no_variables() =>
        await PrintsAsync(
            """
            with Kernel() as k:
                k.run("var a = 7;")
                cell = k.begin('Console.Write("begun"); while (true) { }')
                k.restart()
                print(k.run("a").error)
                print(k.run("var a = 8; a").values)
            """,
            """
            CompilationError: CS0103: The name 'a' does not exist in the current context
            ['8']
            """);

    [FullScopeFact]
    public async Task Two_kernels_are_independent() =>
        await PrintsAsync(
            """
            with Kernel() as k, Kernel() as other:
                k.run("var a = 1;")
                other.run("var a = 2;")
                cell = k.begin('Console.Write("begun"); while (true) { }')
                print(other.run("a").values)
                other.interrupt()
                other.restart()
                print(other.run("1 + 1").values)
                k.interrupt()
                print(k.end(cell)["ename"], k.run("a").values)
            """,
            """
            ['2']
            ['2']
            Interrupted ['1']
            """);

    [FullScopeFact]
    public async Task A_cell_survives_its_client_and_another_client_can_continue() =>
        await PrintsAsync(
            """"
            with Kernel() as k:
                process, _ = in_another_process(f"""if True:
                    client = BlockingKernelClient(connection_file={k.manager.connection_file!r})
                    client.load_connection_file()
                    Client(client).begin('Console.Write("begun"); System.Threading.Thread.Sleep(1000); var a = 7;')
                    print(flush=True)
                    time.sleep(600)
                    """)
                process.kill()
                print(k.run("a").values)
            """",
            "['7']");

    [FullScopeFact]
    public async Task A_prompt_to_a_dead_client_can_be_interrupted() =>
        await PrintsAsync(
            """"
            with Kernel() as k:
                process, _ = in_another_process(f"""if True:
                    client = BlockingKernelClient(connection_file={k.manager.connection_file!r})
                    client.load_connection_file()
                    Client(client).client.execute('Console.ReadLine()', stop_on_error=False)
                    client.get_stdin_msg(timeout=PATIENCE)
                    print(flush=True)
                    time.sleep(600)
                    """)
                process.kill()
                k.interrupt()
                print(k.run("1 + 1").values)
            """",
            "['2']");

    [FullScopeTheory]
    [InlineData("")]
    [InlineData("while (true) { }")]
    public async Task A_kernel_ends_with_all_its_processes_when_the_program_that_started_it_dies(string code) =>
        await PrintsAsync(
            $$""""
            process, ids = in_another_process("""if True:
                k = Kernel()
                k.begin('Console.Write("begun"); {{code}}')
                print(*k.processes(), flush=True)
                time.sleep(600)
                """)
            process.kill()
            ids = ids.split()
            until = time.monotonic() + 20
            while any(is_alive(id) for id in ids) and time.monotonic() < until:
                time.sleep(0.1)
            print(len(ids), [id for id in ids if is_alive(id)])
            """",
            "2 []");

    private async Task PrintsAsync(string script, string expected) =>
        Assert.Equal(expected, (await kernel.RunScriptAsync(script)).TrimEnd());
}
