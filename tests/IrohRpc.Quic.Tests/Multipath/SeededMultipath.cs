using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Tests.Simulation;

namespace IrohRpc.Quic.Tests.Multipath;

/// <summary>
/// One run over two paths that is decided by its seed: both links, which of them dies and comes back and when, what both sides send each other. It ends with every
/// byte arrived once and in order, or with a reason, and with nothing left.
/// </summary>
internal sealed class SeededMultipath : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private readonly Random _random;
    private readonly TwoPaths _paths;
    private readonly bool _isCut;
    private readonly bool _rebinds;
    private readonly int _streamsPerSide;
    private readonly Dictionary<(bool FromServer, long Id), PatternReader> _readers = [];
    private readonly List<PatternWriter> _writers = [];
    private readonly int[] _opened = new int[2];
    private readonly byte[] _buffer = new byte[16 * 1024];
    private bool _hasToldAddresses;
    private UdpAddress? _dead;

    public SeededMultipath(int seed)
    {
        _random = new Random(seed);
        _paths = new TwoPaths(seed, Conditions(), Conditions(), Options(), Options());
        _streamsPerSide = 1 + _random.Next(5);
        _isCut = _random.Next(2) == 0;
        _rebinds = _random.Next(5) == 0;
        _paths.Pair.Client.Application = Work;
        _paths.Pair.Server.Application = Work;
    }

    /// <summary>How the run ended, for statistics.</summary>
    public string Outcome { get; private set; } = "";

    public void Run()
    {
        SimulatedPair pair = _paths.Pair;
        pair.Dial();
        bool done = pair.Network.Run(IsDone, Limit);
        if (_dead is { } dead)
        {
            _paths.Revive(dead);
        }

        if (_paths.Client.Close is { } end)
        {
            // Only what a network may do to a connection is a reason.
            Assert.True(
                end.Kind is ConnectionCloseKind.HandshakeTimeout or ConnectionCloseKind.IdleTimeout or ConnectionCloseKind.StatelessReset
                || end.ErrorCode == (long)TransportErrorCode.NoViablePath,
                pair.Describe());
            Outcome = end.ErrorCode == (long)TransportErrorCode.NoViablePath ? nameof(TransportErrorCode.NoViablePath) : $"{end.Kind}";
        }
        else
        {
            Assert.True(done, $"Nothing happens any more: {pair.Describe()}");
            Outcome = _paths.Client.Statistics.PathChanges > 0 ? "complete, moved" : "complete";
            _paths.Client.CloseByApplication(0, "", pair.Network.Now);
        }

        foreach (SimulatedConnection accepted in pair.Server.Connections)
        {
            Assert.True(
                accepted.Core.Close is null or { Kind: not ConnectionCloseKind.Violation } or { ErrorCode: (long)TransportErrorCode.NoViablePath },
                pair.Describe());
        }

        pair.Network.Run(() => false, TimeSpan.FromMinutes(10));
        Assert.All(pair.Client.Connections.Concat(pair.Server.Connections), c => Assert.Equal(ConnectionState.Closed, c.Core.State));
        pair.CheckNothingIsLeft();
    }

    public void Dispose() => _paths.Dispose();

    private LinkConditions Conditions()
    {
        bool harsh = _random.Next(4) == 0;
        return new LinkConditions
        {
            Delay = TimeSpan.FromMilliseconds(_random.Next(1, harsh ? 300 : 60)),
            Jitter = TimeSpan.FromMilliseconds(_random.Next(3) == 0 ? _random.Next(40) : 0),
            Rate = _random.Next(2) == 0 ? 0 : _random.Next(20_000, 2_000_000),
            QueueBytes = _random.Next(4_000, 100_000),
            Loss = _random.Next(2) == 0 ? 0 : _random.NextDouble() * (harsh ? 0.3 : 0.05),
            Repetition = _random.Next(3) == 0 ? _random.NextDouble() * 0.2 : 0,
            Reordering = _random.Next(3) == 0 ? _random.NextDouble() * 0.3 : 0,
            HeldBack = TimeSpan.FromMilliseconds(_random.Next(1, 50)),
            Corruption = _random.Next(4) == 0 ? _random.NextDouble() * 0.05 : 0,
            Mtu = _random.Next(1200, 1600),
        };
    }

    private QuicConnectionOptions Options()
    {
        long bytes = _random.Next(2_000, 300_000);
        return SimulatedPair.Options(_random.Next(1, 8), bytes, Math.Max(bytes, _random.Next(2_000, 400_000))) with
        {
            UsesMultipath = true,
            InitialMaxPathId = _random.Next(1, 8),
            KeepAliveInterval = _random.Next(4) == 0 ? null : TimeSpan.FromSeconds(_random.Next(1, 10)),
            ConnectionIdCount = _random.Next(1, 6),
        };
    }

    private bool IsDone() => _paths.Client.Close is not null
        || (_paths.Pair.Dialled.IsOpen && _paths.Pair.Server.Connections.Count > 0 && _paths.Pair.Accepted.IsOpen
            && _opened[0] == _streamsPerSide && _opened[1] == _streamsPerSide
            && _writers.TrueForAll(static writer => writer.IsDone)
            && _writers.TrueForAll(writer => _readers.TryGetValue((writer.IsServer, writer.Stream.Id), out PatternReader? reader) && reader.IsDone));

    private void Work(SimulatedConnection connection)
    {
        if (!connection.IsOpen)
        {
            return;
        }

        if (!_hasToldAddresses && _paths.Pair.Dialled.IsOpen && _paths.Pair.Server.Connections.Count == 1 && _paths.Pair.Accepted.IsOpen)
        {
            _hasToldAddresses = true;
            _paths.TellAddresses();
        }

        QuicConnection core = connection.Core;
        ref int opened = ref _opened[core.IsServer ? 1 : 0];
        while (opened < _streamsPerSide && core.Streams.TryOpen(bidirectional: _random.Next(2) == 0) is { } stream)
        {
            opened++;
            Add(core, stream);
        }

        foreach (bool bidirectional in (ReadOnlySpan<bool>)[true, false])
        {
            while (core.Streams.TryAccept(bidirectional) is { } stream)
            {
                Add(core, stream);
            }
        }

        foreach (PatternWriter writer in _writers)
        {
            if (writer.IsServer == core.IsServer)
            {
                writer.Step(_random, false);
            }
        }

        foreach (((bool fromServer, _), PatternReader reader) in _readers)
        {
            if (fromServer != core.IsServer)
            {
                reader.Step(_random, _buffer, false);
            }
        }

        if (_random.Next(300) == 0)
        {
            core.TryUpdateKeys(_paths.Pair.Network.Now);
        }

        Disturb(core);
    }

    private void Disturb(QuicConnection core)
    {
        if (core.IsServer || !core.IsConfirmed)
        {
            return;
        }

        if (_isCut && _random.Next(100) == 0)
        {
            if (_dead is { } dead)
            {
                _paths.Revive(dead);
                _dead = null;
            }
            else
            {
                _dead = _random.Next(2) == 0 ? _paths.First : _paths.Second;
                _paths.Kill(_dead.Value);
            }
        }

        if (_rebinds && _random.Next(200) == 0)
        {
            core.HandleNetworkChanged(static _ => true, _paths.Pair.Network.Now);
        }
    }

    private void Add(QuicConnection core, MultiplexedStream stream)
    {
        if (stream.Send is not null)
        {
            _writers.Add(new PatternWriter(core.IsServer, stream, _random.Next(3) == 0 ? 0 : _random.Next(60_000)));
        }

        if (stream.Receive is not null)
        {
            _readers.Add((!core.IsServer, stream.Id), new PatternReader(stream));
        }
    }
}
