namespace IrohRpc.Samples.Tests.Programs;

/// <summary>The lines of one output of a program, and a way to wait for one.</summary>
internal sealed class LineCollector
{
    private readonly string _name;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LineCollector(string name, StreamReader reader)
    {
        _name = name;
        Ended = CollectAsync(reader);
    }

    /// <summary>Completes with the end of the output.</summary>
    public Task Ended { get; }

    public string Text => string.Join('\n', Lines);

    public string[] Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>The first line that holds <paramref name="part"/>, from line number <paramref name="from"/> on.</summary>
    public async Task<string> LineAsync(string part, int from = 0)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(ChildProcess.Patience);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_lines.Skip(from).FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal)) is { } line)
                {
                    return line;
                }

                if (Ended is { IsCompleted: true })
                {
                    Assert.Fail($"{_name} ended without a line with \"{part}\":\n{string.Join('\n', _lines)}");
                }

                changed = _changed.Task;
            }

            try
            {
                await Task.WhenAny(changed, Ended).WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{_name} has no line with \"{part}\":\n{Text}");
            }
        }
    }

    private async Task CollectAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            TaskCompletionSource changed;
            lock (_gate)
            {
                _lines.Add(line);
                changed = _changed;
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            changed.SetResult();
        }
    }
}
