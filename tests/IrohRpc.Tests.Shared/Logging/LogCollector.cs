using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Tests.Shared.Logging;

/// <summary>A logger factory that keeps all lines.</summary>
internal sealed class LogCollector : ILoggerFactory
{
    private readonly ConcurrentQueue<LogLine> _lines = new();

    public IReadOnlyList<LogLine> Lines => [.. _lines];

    public IEnumerable<LogLine> AtLeast(LogLevel level) => _lines.Where(line => line.Level >= level);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private sealed class Logger(LogCollector owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => owner._lines.Enqueue(new(logLevel, category, formatter(state, exception), exception));
    }
}
