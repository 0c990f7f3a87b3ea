using System.Runtime.InteropServices;
using Backprop.Tests.Runner;
using TorchSharp;

namespace Backprop.Tests;

public sealed class LibtorchTests : IDisposable
{
    private const string OnlyOnLinux = "Other platforms use TorchSharp's own loader.";
    private const string TorchSharpLibrary = "libLibTorchSharp.so";
    private const string Newest = "GLIBCXX_3.4.32";
    private const string Uncalled = "_ZSt21ios_base_library_initv";

    private const string Packaged = "torchsharp/1/lib/net/TorchSharp.dll";
    private const string Sum = "Console.WriteLine($\"sum {TorchSharp.torch.arange(4).sum().item<long>()}\");";

    private readonly RunnerProcess runner = new();

    public static bool OnLinux => OperatingSystem.IsLinux();

    private static IReadOnlyList<string> NativeFolders => Libtorch.NativeFolders(
        (string)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES")!, typeof(torch).Assembly.Location);

    public void Dispose() => runner.Dispose();

    [Fact(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    public void Only_an_unused_symbol_requires_the_version_that_becomes_optional()
    {
        var library = File.ReadAllBytes(Native(TorchSharpLibrary));

        var versions = new SymbolVersions(library);

        Assert.Equal([Uncalled], versions.SymbolsOf(Newest));
        Assert.Equal([Libtorch.VersionFlags], versions.FlagsOf(Newest));
    }

    [Fact(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    public void Only_one_flag_of_the_library_is_changed()
    {
        var library = File.ReadAllBytes(Native(TorchSharpLibrary));

        var optional = Libtorch.WithOptionalVersion(library)!;

        var changed = Assert.Single(Enumerable.Range(0, library.Length), i => library[i] != optional[i]);
        Assert.Equal((Libtorch.VersionFlags, 0, 2), (changed, library[changed], optional[changed]));
    }

    [Fact(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    public void An_unknown_library_is_not_changed()
    {
        var library = File.ReadAllBytes(Native(TorchSharpLibrary));
        library[^1] ^= 1;

        Assert.Null(Libtorch.WithOptionalVersion(library));
    }

    [Theory]
    [InlineData(Architecture.Arm64, true, "Linux on Arm64.")]
    [InlineData(Architecture.X64, false, "Linux on X64 without glibc.")]
    [InlineData(Architecture.Arm64, false, "Linux on Arm64 without glibc.")]
    public void On_a_system_without_libtorch_the_error_says_what_is_missing_and_what_works(Architecture architecture, bool hasGlibc, string missing)
    {
        var refused = Assert.Throws<PlatformNotSupportedException>(() => Libtorch.RequireSupported(architecture, hasGlibc));

        Assert.Contains("no libtorch package for " + missing, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Linux for x86-64 with glibc", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_system_with_libtorch_is_supported() => Libtorch.RequireSupported(Architecture.X64, hasGlibc: true);

    [Fact(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    public void A_programs_own_folders_come_before_those_of_the_packages() => Assert.Equal(
        [
            "/app/native/",
            "/app/",
            "/packages/torchsharp/0.107.0/runtimes/linux-x64/native",
            $"/packages/libtorch-cpu-linux-x64/{Libtorch.Version}/runtimes/linux-x64/native",
        ],
        Libtorch.NativeFolders("/app/native/:/app/:", "/packages/torchsharp/0.107.0/lib/net8.0/TorchSharp.dll").Take(4).Select(Path.GetFullPath));

    [Fact(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    public void Packages_unpacked_by_Verso_are_found() => Assert.Equal(
        ["/verso/net10.0/TorchSharp/0.107.0/native", $"/verso/net10.0/libtorch-cpu-linux-x64/{Libtorch.Version}/native"],
        Libtorch.NativeFolders("", "/verso/net10.0/TorchSharp/0.107.0/TorchSharp.dll").TakeLast(2).Select(Path.GetFullPath));

    [Fact]
    public void The_version_is_the_one_that_TorchSharp_uses() => Assert.Equal(Libtorch.Version + ".0", torch.__version__);

    [Fact(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    public void Every_library_is_loaded_only_once()
    {
        Parallel.For(0, 100, _ => Libtorch.Load());
        torch.ones(1).Dispose();

        var loaded = File.ReadLines("/proc/self/maps").Select(line => line[(line.IndexOf('/') + 1)..]).Distinct().ToList();
        Assert.Single(loaded, path => path.Contains("libLibTorchSharp", StringComparison.Ordinal));
        Assert.Single(loaded, path => path.EndsWith("/libtorch_cpu.so", StringComparison.Ordinal));
    }

    [Fact(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    public async Task Concurrent_notebooks_write_no_files_and_do_not_change_the_packages()
    {
        WritePackages(File.ReadAllBytes(Native(TorchSharpLibrary)));
        runner.Write("a.dib", Notebook(Packaged, Sum));
        var before = Packages();

        var processes = Enumerable.Range(0, 2).Select(i => runner.Start("a.dib", "--output", $"{i}.ipynb", "--html", $"{i}.html")).ToList();
        var ended = await Task.WhenAll(processes.Select(process => RunnerProcess.EndAsync(process)));

        Assert.All(ended, one => Assert.Equal((0, ""), (one.ExitCode, one.Error)));
        Assert.All(ended, one => Assert.Contains("sum 6", one.Output, StringComparison.Ordinal));
        Assert.Equal(before, Packages());
    }

    [Fact(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    public async Task A_library_that_the_system_can_load_is_loaded_unchanged()
    {
        WritePackages(Libtorch.WithOptionalVersion(File.ReadAllBytes(Native(TorchSharpLibrary)))!);

        var ended = await RunAsync(Packaged, Sum + " Console.WriteLine(System.IO.File.ReadAllText(\"/proc/self/maps\").Contains(\"memfd:libLibTorchSharp\"));");

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("sum 6", ended.Output, StringComparison.Ordinal);
        Assert.Contains("False", ended.Output, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    public async Task On_a_system_that_lacks_more_the_error_says_what_is_missing()
    {
        var library = File.ReadAllBytes(Native(TorchSharpLibrary));
        "GLIBCXX_3.4.99\0"u8.CopyTo(library.AsSpan(library.AsSpan().IndexOf("GLIBCXX_3.4.30\0"u8)));
        WritePackages(library);

        var ended = await RunAsync(Packaged);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("PlatformNotSupportedException: libLibTorchSharp.so does not load on this system", ended.Output, StringComparison.Ordinal);
        Assert.Contains("version `GLIBCXX_3.4.99' not found", ended.Output, StringComparison.Ordinal);
        Assert.Contains("Debian 12", ended.Output, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    public async Task Missing_packages_are_an_error_that_names_the_searched_folders()
    {
        File.Copy(typeof(torch).Assembly.Location, Path.Combine(runner.Folder, "TorchSharp.dll"));

        var ended = await RunAsync("TorchSharp.dll");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("libtorch_cpu.so is in none of these folders:", ended.Output, StringComparison.Ordinal);
        Assert.Contains("TorchSharp-cpu", ended.Output, StringComparison.Ordinal);
    }

    private static string Native(string file) => NativeFolders.Select(folder => Path.Combine(folder, file)).First(File.Exists);

    // A NuGet package folder with another TorchSharp library.
    private void WritePackages(byte[] torchSharpLibrary)
    {
        var torchSharp = Path.Combine(runner.Folder, "torchsharp", "1");
        Directory.CreateDirectory(Path.Combine(torchSharp, "lib", "net"));
        File.Copy(typeof(torch).Assembly.Location, Path.Combine(runner.Folder, Packaged));
        var native = Directory.CreateDirectory(Path.Combine(torchSharp, "runtimes", "linux-x64", "native")).FullName;
        File.WriteAllBytes(Path.Combine(native, TorchSharpLibrary), torchSharpLibrary);
        var runtime = Directory.CreateDirectory(Path.Combine(runner.Folder, "libtorch-cpu-linux-x64", Libtorch.Version, "runtimes", "linux-x64")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(runtime, "native"), Path.GetDirectoryName(Native("libtorch_cpu.so"))!);
    }

    private string[] Packages() =>
        [.. Directory.EnumerateFileSystemEntries(Path.Combine(runner.Folder, "torchsharp"), "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Native("libtorch_cpu.so"))!))
            .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}")
            .Order(StringComparer.Ordinal)];

    private async Task<RunnerProcess.Ended> RunAsync(string torchSharp, string code = "")
    {
        runner.Write("a.dib", Notebook(torchSharp, code));
        return await runner.RunAsync();
    }

    private static string Notebook(string torchSharp, string code) => $"""
        #r "{torchSharp}"
        #load "{TestData.Root}/helpers/Torch/Libtorch.cs"
        Libtorch.Load();
        {code}
        """;
}
