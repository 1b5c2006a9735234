using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc.Iroh035;

/// <summary>What ours do, on standard error beside what the real ones log, where IROH_LOG asks for it.</summary>
internal sealed class LineLog(EndpointId id) : ILoggerFactory, ILogger
{
    public static ILoggerFactory Create(EndpointId id)
        => Environment.GetEnvironmentVariable("IROH_LOG") is null ? NullLoggerFactory.Instance : new LineLog(id);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => Console.Error.WriteLine($"OURS {DateTime.UtcNow:HH:mm:ss.fff} {id.ToShortString()} {formatter(state, exception)} {exception?.Message.ReplaceLineEndings(" ")}");

    public void Dispose()
    {
    }
}
