using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Tests.Runner;

/// <summary>The base class of tests with a session in a temporary folder.</summary>
public abstract class SessionTest : IDisposable
{
    protected SessionTest() => Session = new Session(Folder, Outputs.AddUnlessProgress);

    protected string Folder { get; } = Directory.CreateTempSubdirectory().FullName;

    protected List<CellOutput> Outputs { get; } = [];

    protected Session Session { get; }

    public void Dispose()
    {
        Session.Dispose();
        FormerWorkingDirectory.Leave(Folder);
        GC.SuppressFinalize(this);
    }

    protected Task<bool> Run(string code, string name = "cell") =>
        Session.RunAsync(new Submission(name, code), TestContext.Current.CancellationToken);
}
