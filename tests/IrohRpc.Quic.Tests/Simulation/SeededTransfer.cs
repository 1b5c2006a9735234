using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Connections;

namespace IrohRpc.Quic.Tests.Simulation;

/// <summary>
/// One run of two peers that is decided by its seed: the link, the limits, what both send each other, who gives up what, and what happens on the way.
/// It ends with every byte arrived once and in order, or with a reason, and with nothing left.
/// </summary>
internal sealed class SeededTransfer : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private readonly Random _random;
    private readonly SimulatedPair _pair;
    private readonly int _streamsPerSide;
    private readonly bool _aborts;
    private readonly bool _rebinds;
    private readonly bool _isLong;
    private readonly Dictionary<(bool FromServer, long Id), PatternReader> _readers = [];
    private readonly List<PatternWriter> _writers = [];
    private readonly int[] _opened = new int[2];
    private readonly byte[] _buffer = new byte[16 * 1024];

    public SeededTransfer(int seed)
    {
        Seed = seed;
        _random = new Random(seed);
        _pair = new SimulatedPair(seed, Conditions(), Conditions(), Options(), Options());
        _pair.Server.Retries = _random.Next(5) == 0;
        _streamsPerSide = _random.Next(6);
        _aborts = _random.Next(3) == 0;
        _rebinds = _random.Next(4) == 0;
        _isLong = _random.Next(20) == 0;
        _pair.Client.Application = Work;
        _pair.Server.Application = Work;
    }

    public int Seed { get; }

    /// <summary>How the run ended, for statistics.</summary>
    public string Outcome { get; private set; } = "";

    public void Run()
    {
        _pair.Dial();
        bool done = _pair.Network.Run(IsDone, Limit);
        ConnectionClose? end = _pair.Dialled.Core.Close;
        if (end is null)
        {
            Assert.True(done, $"Nothing happens any more: {_pair.Describe()}; {Progress()}");
            Outcome = "complete";
            _pair.Dialled.Core.CloseByApplication(0, "", _pair.Network.Now);
        }
        else
        {
            // Only what a network may do to a connection is a reason.
            Assert.True(
                end.Kind is ConnectionCloseKind.HandshakeTimeout or ConnectionCloseKind.IdleTimeout or ConnectionCloseKind.StatelessReset
                    or ConnectionCloseKind.ClosedByPeer or ConnectionCloseKind.FailedByPeer,
                _pair.Describe());
            Assert.True(end.Kind != ConnectionCloseKind.FailedByPeer || end.ErrorCode == (long)TransportErrorCode.NoViablePath, _pair.Describe());
            Outcome = $"{end.Kind} ({(_rebinds ? "rebound" : "")}{(_pair.Network.Link(_pair.Client, _pair.Server).Conditions.Loss + _pair.Network.Link(_pair.Server, _pair.Client).Conditions.Loss > 0.1 ? "lossy" : "")})";
        }

        foreach (SimulatedConnection accepted in _pair.Server.Connections)
        {
            Assert.True(
                accepted.Core.Close is null or { Kind: not ConnectionCloseKind.Violation } or { ErrorCode: (long)TransportErrorCode.NoViablePath },
                _pair.Describe());
        }

        _pair.Network.Run(() => false, TimeSpan.FromMinutes(10));
        Assert.All(_pair.Client.Connections.Concat(_pair.Server.Connections), c => Assert.Equal(ConnectionState.Closed, c.Core.State));
        _pair.CheckNothingIsLeft();
    }

    public void Dispose() => _pair.Dispose();

    private LinkConditions Conditions()
    {
        bool harsh = _random.Next(4) == 0;
        return new LinkConditions
        {
            Delay = TimeSpan.FromMilliseconds(_random.Next(1, harsh ? 400 : 60)),
            Jitter = TimeSpan.FromMilliseconds(_random.Next(3) == 0 ? _random.Next(40) : 0),
            Rate = _random.Next(2) == 0 ? 0 : _random.Next(20_000, 2_000_000),
            QueueBytes = _random.Next(4_000, 100_000),
            MarkAboveBytes = _random.Next(3) == 0 ? 3_000 : 0,
            Loss = _random.Next(2) == 0 ? 0 : _random.NextDouble() * (harsh ? 0.3 : 0.05),
            Repetition = _random.Next(3) == 0 ? _random.NextDouble() * 0.2 : 0,
            Reordering = _random.Next(3) == 0 ? _random.NextDouble() * 0.3 : 0,
            HeldBack = TimeSpan.FromMilliseconds(_random.Next(1, 50)),
            Corruption = _random.Next(4) == 0 ? _random.NextDouble() * 0.05 : 0,
            Mtu = _random.Next(4) == 0 ? _random.Next(8900, 9100) : _random.Next(1200, 1600),
            BleachesEcn = _random.Next(5) == 0,
        };
    }

    private QuicConnectionOptions Options()
    {
        long bytes = _random.Next(2_000, 300_000);
        return SimulatedPair.Options(_random.Next(1, 8), bytes, Math.Max(bytes, _random.Next(2_000, 400_000))) with
        {
            KeepAliveInterval = _random.Next(2) == 0 ? null : TimeSpan.FromSeconds(_random.Next(1, 10)),
            UsesEcn = _random.Next(3) != 0,
            ConnectionIdCount = _random.Next(1, 6),
            MaxUdpPayloadSize = _random.Next(4) == 0 ? 1472 : 65527,
            JumboDatagramSize = _random.Next(4) == 0 ? 0 : 8952,
        };
    }

    private bool IsDone() => _pair.Dialled.Core.Close is not null
        || (_pair.Dialled.IsOpen && _pair.Server.Connections.Count > 0 && _pair.Accepted.IsOpen
            && _opened[0] == _streamsPerSide && _opened[1] == _streamsPerSide
            && _writers.TrueForAll(static writer => writer.IsDone)
            && _writers.TrueForAll(writer => _readers.TryGetValue((writer.IsServer, writer.Stream.Id), out PatternReader? reader) && reader.IsDone));

    private string Progress() => string.Join("; ", _writers.Select(w => $"{w} {(_readers.TryGetValue((w.IsServer, w.Stream.Id), out PatternReader? r) ? r : "unseen")}"));

    private void Work(SimulatedConnection connection)
    {
        if (!connection.IsOpen)
        {
            return;
        }

        QuicConnection core = connection.Core;
        ref int opened = ref _opened[core.IsServer ? 1 : 0];
        while (opened < _streamsPerSide && core.Streams.TryOpen(bidirectional: _random.Next(2) == 0) is { } stream)
        {
            opened++;
            stream.SetPriority(_random.Next(2));
            Add(core, stream, isLocal: true);
        }

        foreach (bool bidirectional in (ReadOnlySpan<bool>)[true, false])
        {
            while (core.Streams.TryAccept(bidirectional) is { } stream)
            {
                Add(core, stream, isLocal: false);
            }
        }

        foreach (PatternWriter writer in _writers)
        {
            if (writer.IsServer == core.IsServer)
            {
                writer.Step(_random, _aborts);
            }
        }

        foreach (((bool fromServer, _), PatternReader reader) in _readers)
        {
            if (fromServer != core.IsServer)
            {
                reader.Step(_random, _buffer, _aborts);
            }
        }

        if (_random.Next(50) == 0)
        {
            core.TrySendDatagram(_buffer.AsSpan(0, _random.Next(200)));
        }

        while (core.TryReceiveDatagram(out _))
        {
        }

        if (_rebinds && !core.IsServer && core.IsConfirmed && _random.Next(200) == 0)
        {
            _pair.Network.Rebind(_pair.Client, changesHost: _random.Next(2) == 0);
        }

        if (_random.Next(300) == 0)
        {
            core.TryUpdateKeys(_pair.Network.Now);
        }
    }

    private void Add(QuicConnection core, MultiplexedStream stream, bool isLocal)
    {
        if (stream.Send is not null)
        {
            _writers.Add(new PatternWriter(core.IsServer, stream, _random.Next(3) == 0 ? 0 : _random.Next(_isLong ? 400_000 : 40_000)));
        }

        if (stream.Receive is not null)
        {
            _readers.Add((!core.IsServer, stream.Id), new PatternReader(stream));
        }

        _ = isLocal;
    }
}
