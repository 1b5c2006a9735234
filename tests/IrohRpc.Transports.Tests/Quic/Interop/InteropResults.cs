using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using IrohRpc.Transports.Tests.Quic.Interop;

[assembly: AssemblyFixture(typeof(InteropResults))]

namespace IrohRpc.Transports.Tests.Quic.Interop;

/// <summary>
/// What works with whom. With IROHRPC_INTEROP_TABLE=1 the table of docs/quic.md is written when the run ends: <c>IROHRPC_INTEROP_TABLE=1 dotnet run
/// --project tests/IrohRpc.Transports.Tests -- --filter-namespace '*.Quic.Interop'</c>.
/// </summary>
public sealed class InteropResults : IDisposable
{
    private const string Start = "<!-- interop table: written by InteropResults -->";
    private const string End = "<!-- end of interop table -->";

    private static readonly ConcurrentDictionary<(string Case, string Peer), TestResult> Results = [];

    /// <summary>Takes down how a case went. One that ran twice went as the worse of both.</summary>
    public static void Record(string peer, string name, TestResult result)
        => Results.AddOrUpdate((name, peer), result, (_, before) => before == TestResult.Failed ? before : result);

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("IROHRPC_INTEROP_TABLE") != "1" || Results.IsEmpty)
        {
            return;
        }

        string page = Page();
        string text = File.ReadAllText(page);
        int start = text.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        int end = text.IndexOf(End, StringComparison.Ordinal);
        File.WriteAllText(page, text[..start] + "\n" + Table() + text[end..]);
    }

    private static string Table()
    {
        string[] peers = [.. Results.Keys.Select(key => key.Peer).Distinct().Order(StringComparer.Ordinal)];
        var table = new StringBuilder();
        table.Append("| case |").AppendJoin("", peers.Select(peer => $" {peer} |")).Append('\n');
        table.Append("|---|").AppendJoin("", peers.Select(_ => "---|")).Append('\n');
        foreach (string name in Results.Keys.Select(key => key.Case).Distinct().Order(StringComparer.OrdinalIgnoreCase))
        {
            table.Append($"| {name} |").AppendJoin("", peers.Select(peer => $" {Cell(name, peer)} |")).Append('\n');
        }

        return table.ToString();
    }

    private static string Cell(string name, string peer) => Results.TryGetValue((name, peer), out TestResult result)
        ? result switch
        {
            TestResult.Passed => "yes",
            TestResult.Failed => "**no**",
            _ => "not run",
        }
        : "";

    private static string Page([CallerFilePath] string path = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../../../docs/quic.md"));
}
