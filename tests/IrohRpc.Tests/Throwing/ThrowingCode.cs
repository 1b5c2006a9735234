using Microsoft.Extensions.Logging;

namespace IrohRpc.Tests.Throwing;

/// <summary>Where code of the library's users throws, what, and whether at once or after a wait.</summary>
internal sealed class ThrowingCode(string where, Exception thrown) : ILoggerFactory, ILogger
{
    private int _hits;

    /// <summary>Places at the caller, whose own exceptions its calls fail with.</summary>
    public static IReadOnlyList<string> AtCaller { get; } =
    [
        "source moves", "source is disposed of", "upload is read", "sink gives memory", "sink is flushed", "sink is completed", "progress", "callback",
    ];

    /// <summary>Places at the service, or at both.</summary>
    public static IReadOnlyList<string> Elsewhere { get; } =
    [
        "handler", "items begin", "items move", "items are disposed of", "download is read", "download is disposed of", "writer gives memory", "writer is flushed", "writer is completed",
        "resolver", "release", "argument is written", "argument is read", "result is written", "result is read", "log", "activity starts", "activity stops",
    ];

    /// <summary>What may be thrown: what the library itself throws as well, what means something to it, and what nobody expects.</summary>
    public static IReadOnlyDictionary<string, Func<Exception>> Kinds { get; } = new Dictionary<string, Func<Exception>>
    {
        ["io"] = static () => new IOException("mine"),
        ["cancelled"] = static () => new OperationCanceledException("mine"),
        ["task cancelled"] = static () => new TaskCanceledException("mine"),
        ["cancelled by a token"] = static () => new OperationCanceledException("mine", new CancellationToken(canceled: true)),
        ["peer"] = static () => new PeerException(PeerErrorKind.ConnectionLost, "mine"),
        ["aborted"] = static () => new PeerException(PeerErrorKind.StreamAborted, "mine"),
        ["disposed"] = static () => new ObjectDisposedException("mine"),
        ["status"] = static () => new RpcException(RpcStatusCode.Unavailable, "mine"),
        ["invalid data"] = static () => new InvalidDataException("mine"),
        ["aggregate"] = static () => new AggregateException("mine", new IOException("inner")),
#pragma warning disable CA2201 // What a user's mistake throws.
        ["null reference"] = static () => new NullReferenceException("mine"),
#pragma warning restore CA2201
        ["no message"] = static () => new MessageThrows(),
    };

    public Exception Thrown => thrown;

    /// <summary>Whether what can wait does so before it throws.</summary>
    public bool IsLater { get; set; }

    public int Hits => Volatile.Read(ref _hits);

    public void At(string here)
    {
        if (here == where)
        {
            Interlocked.Increment(ref _hits);
            throw thrown;
        }
    }

    public async ValueTask AtAsync(string here)
    {
        if (IsLater)
        {
            await Task.Yield();
        }

        At(here);
    }

    /// <summary>Where a log that throws is tested, the handler gives it something to write.</summary>
    public void AtHandler()
    {
        At("handler");
        if (where == "log")
        {
            throw new InvalidOperationException("The handler's, for the log.");
        }
    }

    void ILoggerFactory.AddProvider(ILoggerProvider provider)
    {
    }

    ILogger ILoggerFactory.CreateLogger(string categoryName) => this;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => At("log");

    void IDisposable.Dispose()
    {
    }

    private sealed class MessageThrows : Exception
    {
        public override string Message => throw new InvalidOperationException("No message.");
    }
}
