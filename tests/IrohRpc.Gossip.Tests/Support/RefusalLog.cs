using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Gossip.Tests.Support;

/// <summary>Hears of the calls that a subscriber refuses, which nothing else tells of.</summary>
internal sealed class RefusalLog : ILoggerFactory, ILogger
{
    private readonly Channel<string> _refusals = Channel.CreateUnbounded<string>();

    /// <summary>The next refusal, in words.</summary>
    public async Task<string> RefusalAsync() => await _refusals.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == "CallRefused")
        {
            _refusals.Writer.TryWrite(formatter(state, exception));
        }
    }

    public void Dispose()
    {
    }
}
