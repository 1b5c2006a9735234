using System.Diagnostics;
using IrohRpc;

namespace Greeter;

/// <summary>Says on which path a connection is when it begins, and where it has gone two seconds later at the latest: from the relay to a direct path, if there is one.</summary>
internal sealed class PathReport : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource _enough = new(Patience);
    private readonly Task<string> _direct;

    public PathReport(PeerConnection connection)
    {
        Console.WriteLine($"the path:  {Selected(connection.Paths).Address}");
        _direct = WatchAsync(connection);
    }

    /// <summary>Waits until there is a direct path, or there was time enough for one, and says which it is.</summary>
    public async Task CompleteAsync() => Console.WriteLine($"the path:  {await _direct}");

    public void Dispose() => _enough.Dispose();

    private static PeerPath Selected(IReadOnlyList<PeerPath> paths) => paths.Single(path => path.IsSelected);

    private async Task<string> WatchAsync(PeerConnection connection)
    {
        try
        {
            await foreach (IReadOnlyList<PeerPath> paths in connection.WatchPathsAsync(_enough.Token))
            {
                if (!Selected(paths).IsRelay)
                {
                    return $"{Selected(paths).Address}, direct after {Stopwatch.GetElapsedTime(_start).TotalMilliseconds:0} ms";
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Not within two seconds.
        }

        return $"{Selected(connection.Paths).Address}, relayed";
    }
}
