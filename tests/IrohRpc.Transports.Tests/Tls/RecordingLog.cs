using Microsoft.Extensions.Logging;

namespace IrohRpc.Transports.Tests.Tls;

/// <summary>Keeps every log line, and lets a test await one.</summary>
internal sealed class RecordingLog : ILoggerFactory, ILogger
{
    private readonly Lock _lock = new();
    private readonly List<LogLine> _lines = [];
    private readonly List<(Func<LogLine, bool> Matches, TaskCompletionSource<LogLine> Seen)> _waits = [];

    public IReadOnlyList<LogLine> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>The first line, past or to come, that matches.</summary>
    public Task<LogLine> WhenAsync(Func<LogLine, bool> matches)
    {
        lock (_lock)
        {
            if (_lines.FirstOrDefault(matches) is { } line)
            {
                return Task.FromResult(line);
            }

            var seen = new TaskCompletionSource<LogLine>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((matches, seen));
            return seen.Task.WaitAsync(TlsPeer.Patience);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = new LogLine(logLevel, formatter(state, exception), exception);
        lock (_lock)
        {
            _lines.Add(line);
            foreach ((Func<LogLine, bool> matches, TaskCompletionSource<LogLine> seen) in _waits)
            {
                if (matches(line))
                {
                    seen.TrySetResult(line);
                }
            }
        }
    }

    public void Dispose()
    {
    }
}

internal sealed record LogLine(LogLevel Level, string Text, Exception? Exception);
