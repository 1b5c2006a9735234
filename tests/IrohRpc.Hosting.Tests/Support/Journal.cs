using System.Threading.Channels;

namespace IrohRpc.Hosting.Tests;

/// <summary>What happened, in its order, for a test to wait for.</summary>
public sealed class Journal
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Lock _gate = new();
    private readonly List<string> _written = [];
    private int _numbers;

    /// <summary>What holds services until the test lets them go on.</summary>
    public SemaphoreSlim Gate { get; } = new(0);

    public IReadOnlyList<string> Written
    {
        get
        {
            lock (_gate)
            {
                return [.. _written];
            }
        }
    }

    public int NextNumber() => Interlocked.Increment(ref _numbers);

    public void Write(string line)
    {
        lock (_gate)
        {
            _written.Add(line);
        }

        _lines.Writer.TryWrite(line);
    }

    /// <summary>Completes when the line has come.</summary>
    public async Task WaitForAsync(string line)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await _lines.Reader.ReadAsync(limit.Token) != line)
        {
        }
    }
}
