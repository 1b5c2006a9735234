using System.Diagnostics;
using IrohRpc.Tests.Shared.Iroh;

namespace IrohRpc.Reach.Tests.Interop;

/// <summary>A network that holds nothing but loopback, and programs of the laboratory inside it.</summary>
internal sealed class LaboratoryNetwork : IAsyncDisposable
{
    public const string Alpn = "laboratory/1";

    public static readonly string Program = Path.Combine(
        AppContext.BaseDirectory.Replace("IrohRpc.Reach.Tests", "IrohRpc.Reach.Laboratory", StringComparison.Ordinal), "laboratory");

    private readonly List<Process> _processes = [];

    public NetworkNamespace Namespace { get; } = NetworkNamespace.TryCreate(out string reason) ?? throw new InvalidOperationException(reason);

    /// <summary>The next line of a program.</summary>
    public static async Task<string> LineAsync(Process process)
        => await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Soon()
            ?? throw new InvalidOperationException("A process of the laboratory has ended early.");

    public Process Start(params string[] arguments)
    {
        ProcessStartInfo start = Namespace.Command(Program, arguments);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        Process process = Process.Start(start)!;
        _processes.Add(process);
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process process in Enumerable.Reverse(_processes))
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }

        Namespace.Dispose();
    }
}
