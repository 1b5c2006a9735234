using BenchmarkDotNet.Attributes;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;

namespace IrohRpc.Benchmarks.Pieces;

/// <summary>QUIC packets sealed and opened in place, header protection included.</summary>
[MemoryDiagnoser]
public class PacketProtection : IDisposable
{
    private const int PacketNumberLength = 2;

    private readonly byte[] _packet = new byte[1452];
    private readonly byte[] _sealed = new byte[1452];
    private OneRttKeys _sender = null!;
    private OneRttKeys _receiver = null!;
    private HeaderProtection _header = null!;
    private HeaderProtection _libraryHeader = null!;
    private int _offset;

    /// <summary>The cipher suite.</summary>
    [Params("1301", "1302", "1303")]
    public string Suite { get; set; } = "1301";

    /// <summary>The length of the packet: a small call, or a full datagram.</summary>
    [Params(100, 1452)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        CipherSuite suite = Suite switch
        {
            "1301" => CipherSuite.Aes128Gcm,
            "1302" => CipherSuite.Aes256Gcm,
            _ => CipherSuite.ChaCha20Poly1305,
        };
        byte[] secret = new byte[suite.HashLength];
        var limits = new AeadLimits(long.MaxValue, long.MaxValue, long.MaxValue);
        _sender = new OneRttKeys(suite, secret, secret, limits);
        _receiver = new OneRttKeys(suite, secret, secret, limits);
        _header = HeaderProtection.Create(suite, secret);
        _libraryHeader = new AesHeaderProtection(new byte[16]);
        _offset = PacketHeaderWriter.WriteShort(_packet, ConnectionId.CreateRandom(8), spin: false, 1, PacketNumberLength);
        _packet.CopyTo(_sealed, 0);
        _sender.Seal(_sealed.AsSpan(0, Length), _offset, PacketNumberLength, 1, TimeSpan.Zero);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _sender?.Dispose();
        _receiver?.Dispose();
        _header?.Dispose();
        _libraryHeader?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A packet with a short header.</summary>
    [Benchmark]
    public void Seal() => _sender.Seal(_packet.AsSpan(0, Length), _offset, PacketNumberLength, 1, TimeSpan.Zero);

    /// <summary>The same, copied first because opening happens in place.</summary>
    [Benchmark]
    public bool Open()
    {
        _sealed.AsSpan(0, Length).CopyTo(_packet);
        return _receiver.TryOpen(_packet.AsSpan(0, Length), _offset, 0, TimeSpan.Zero, TimeSpan.Zero, out _);
    }

    /// <summary>Header protection alone.</summary>
    [Benchmark]
    public void ProtectHeader() => _header.Protect(_packet, _offset);

    /// <summary>Header protection with AES by the class library, for processors without AES instructions.</summary>
    [Benchmark]
    public void ProtectHeaderByLibrary() => _libraryHeader.Protect(_packet, _offset);
}
