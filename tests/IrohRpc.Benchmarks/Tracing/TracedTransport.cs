using System.Diagnostics;
using IrohRpc.Tests;
using IrohRpc.Transports;

namespace IrohRpc.Benchmarks.Tracing;

/// <summary>A transport that is another's, and notes each read of the dialler's streams and each write of the acceptor's.</summary>
internal sealed class TracedTransport(ITransport inner) : ITransport
{
    public string Name => inner.Name;

    public string? UnsupportedReason => inner.UnsupportedReason;

    /// <summary>What the dialler read, of the stream that is read last.</summary>
    public List<StreamStep> Reads { get; private set; } = [];

    /// <summary>What the acceptor wrote, of the stream that is written last.</summary>
    public List<StreamStep> Writes { get; private set; } = [];

    public bool CanDial(TransportAddress address) => inner.CanDial(address);

    public async ValueTask<PeerConnection> DialAsync(TransportAddress address, DialRequest request, CancellationToken cancellationToken)
        => new TracedConnection(await inner.DialAsync(address, request, cancellationToken), this);

    public async ValueTask<ITransportListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken)
        => new TracedListener(await inner.ListenAsync(request, cancellationToken), this);

    private sealed class TracedListener(ITransportListener inner, TracedTransport trace) : ITransportListener
    {
        public TransportAddress LocalAddress => inner.LocalAddress;

        public async ValueTask<PeerConnection> AcceptAsync(CancellationToken cancellationToken)
            => new TracedConnection(await inner.AcceptAsync(cancellationToken), trace);

        public ValueTask SetAlpnsAsync(IReadOnlyList<string> alpns, CancellationToken cancellationToken) => inner.SetAlpnsAsync(alpns, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class TracedConnection(PeerConnection inner, TracedTransport trace) : DelegatingConnection(inner)
    {
        protected override PeerStream Opened(PeerStream stream) => new ReadStream(stream, trace);

        protected override PeerStream Accepted(PeerStream stream) => new WrittenStream(stream, trace);
    }

    private sealed class ReadStream(PeerStream inner, TracedTransport trace) : DelegatingStream(inner)
    {
        private readonly List<StreamStep> _steps = [];
        private long _total;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            long began = Stopwatch.GetTimestamp();
            ValueTask<int> read = base.ReadAsync(buffer, cancellationToken);
            bool waits = !read.IsCompleted;
            int count = await read;
            _total += count;
            _steps.Add(new StreamStep(began, Stopwatch.GetTimestamp(), _total, waits));
            trace.Reads = _steps;
            return count;
        }
    }

    private sealed class WrittenStream(PeerStream inner, TracedTransport trace) : DelegatingStream(inner)
    {
        private readonly List<StreamStep> _steps = [];
        private long _total;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool completeWrites, CancellationToken cancellationToken = default)
        {
            long began = Stopwatch.GetTimestamp();
            ValueTask write = base.WriteAsync(buffer, completeWrites, cancellationToken);
            bool waits = !write.IsCompleted;
            await write;
            _total += buffer.Length;
            _steps.Add(new StreamStep(began, Stopwatch.GetTimestamp(), _total, waits));
            trace.Writes = _steps;
        }
    }
}
