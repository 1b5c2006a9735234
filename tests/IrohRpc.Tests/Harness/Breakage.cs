using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>Where code of others below a call throws what it should not, once it is switched on.</summary>
/// <param name="where">One of <see cref="Places"/>.</param>
internal sealed class Breakage(string where)
{
    private volatile bool _isOn;

    /// <summary>What a stream, a connection or a clock can throw from: at once, or once its task is awaited.</summary>
    public static IReadOnlyList<string> Places { get; } =
    [
        "write", "write later", "read", "read later", "abort", "complete", "dispose stream",
        "open", "open later", "open one way", "accept", "accept one way", "close", "close later", "dispose connection", "silence",
        "clock timer", "clock timestamp", "clock now",
    ];

    public bool IsOn { get => _isOn; set => _isOn = value; }

    public bool IsClock => where.StartsWith("clock", StringComparison.Ordinal);

    public PeerConnection Wrap(PeerConnection connection) => new BrokenConnection(connection, this);

    public TimeProvider Clock() => new BrokenClock(this);

    /// <summary>Throws where this is the place, and it is switched on.</summary>
    public void At(string here)
    {
        if (_isOn && here == where)
        {
            throw new IOException($"Thrown at \"{here}\".");
        }
    }

    public override string ToString() => where;

    private bool Is(string here) => _isOn && here == where;

    private sealed class BrokenConnection(PeerConnection inner, Breakage breakage) : DelegatingConnection(inner)
    {
        private readonly PeerConnection _inner = inner;

        public override TimeSpan MeasureSilence()
        {
            breakage.At("silence");
            return _inner.MeasureSilence();
        }

        public override async ValueTask<PeerStream> OpenBidirectionalStreamAsync(CancellationToken cancellationToken = default)
        {
            breakage.At("open");
            PeerStream stream = await base.OpenBidirectionalStreamAsync(cancellationToken);
            if (breakage.Is("open later"))
            {
                await stream.DisposeAsync();
                breakage.At("open later");
            }

            return stream;
        }

        public override ValueTask<PeerStream> OpenUnidirectionalStreamAsync(CancellationToken cancellationToken = default)
        {
            breakage.At("open one way");
            return base.OpenUnidirectionalStreamAsync(cancellationToken);
        }

        public override async ValueTask<PeerStream> AcceptBidirectionalStreamAsync(CancellationToken cancellationToken = default)
        {
            PeerStream stream = await base.AcceptBidirectionalStreamAsync(cancellationToken);
            breakage.At("accept");
            return stream;
        }

        public override async ValueTask<PeerStream> AcceptUnidirectionalStreamAsync(CancellationToken cancellationToken = default)
        {
            PeerStream stream = await base.AcceptUnidirectionalStreamAsync(cancellationToken);
            breakage.At("accept one way");
            return stream;
        }

        public override async ValueTask CloseAsync(long errorCode, string reason = "", CancellationToken cancellationToken = default)
        {
            // The connection below closes all the same: what is tested is who waits for whom, not what a connection leaves behind.
            if (breakage.Is("close"))
            {
                _ = base.CloseAsync(errorCode, reason, CancellationToken.None).AsTask();
                breakage.At("close");
            }

            await base.CloseAsync(errorCode, reason, cancellationToken);
            breakage.At("close later");
        }

        public override ValueTask DisposeAsync()
        {
            if (breakage.Is("dispose connection"))
            {
                _ = base.DisposeAsync().AsTask();
                breakage.At("dispose connection");
            }

            return base.DisposeAsync();
        }

        protected override PeerStream Opened(PeerStream stream) => new BrokenStream(stream, breakage);

        protected override PeerStream Accepted(PeerStream stream) => new BrokenStream(stream, breakage);
    }

    private sealed class BrokenStream(PeerStream inner, Breakage breakage) : DelegatingStream(inner)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            breakage.At("read");
            int read = await base.ReadAsync(buffer, cancellationToken);
            breakage.At("read later");
            return read;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool completeWrites, CancellationToken cancellationToken = default)
        {
            breakage.At("write");
            return breakage.Is("write later") ? ThrowLaterAsync() : base.WriteAsync(buffer, completeWrites, cancellationToken);
        }

        public override void CompleteWrites()
        {
            breakage.At("complete");
            base.CompleteWrites();
        }

        public override void AbortRead(long errorCode)
        {
            breakage.At("abort");
            base.AbortRead(errorCode);
        }

        public override void AbortWrite(long errorCode)
        {
            breakage.At("abort");
            base.AbortWrite(errorCode);
        }

        public override ValueTask DisposeAsync()
        {
            breakage.At("dispose stream");
            return base.DisposeAsync();
        }

        private async ValueTask ThrowLaterAsync()
        {
            await Task.Yield();
            breakage.At("write later");
        }
    }

    private sealed class BrokenClock(Breakage breakage) : TimeProvider
    {
        public override long GetTimestamp()
        {
            breakage.At("clock timestamp");
            return base.GetTimestamp();
        }

        public override DateTimeOffset GetUtcNow()
        {
            breakage.At("clock now");
            return base.GetUtcNow();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            breakage.At("clock timer");
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
