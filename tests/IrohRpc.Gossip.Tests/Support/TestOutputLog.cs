using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Gossip.Tests.Support;

/// <summary>Writes what one member logs to the output of the test, which shows it where the test fails.</summary>
internal sealed class TestOutputLog(string member) : ILoggerFactory, ILogger
{
    private static readonly long Start = Stopwatch.GetTimestamp();
    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            _output?.WriteLine($"{Stopwatch.GetElapsedTime(Start).TotalSeconds:F3} {member}: {formatter(state, exception)} {exception?.Message}");
        }
        catch (InvalidOperationException)
        {
            // The test is over.
        }
    }

    public void Dispose()
    {
    }
}
