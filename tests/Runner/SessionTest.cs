using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Tests.Runner;

/// <summary>A test of a session, in a folder of its own, whose outputs are kept.</summary>
public abstract class SessionTest : IDisposable
{
    protected SessionTest() => Session = new Session(Folder, Outputs.Add);

    protected string Folder { get; } = Directory.CreateTempSubdirectory().FullName;

    protected List<CellOutput> Outputs { get; } = [];

    protected Session Session { get; }

    public void Dispose()
    {
        Session.Dispose();
        Directory.SetCurrentDirectory(AppContext.BaseDirectory);
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected Task<bool> Run(string code, string name = "cell") =>
        Session.RunAsync(new Submission(name, code), TestContext.Current.CancellationToken);
}
