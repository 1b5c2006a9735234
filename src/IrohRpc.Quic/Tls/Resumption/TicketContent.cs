using System.Buffers.Binary;
using System.Text;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Keys;
using IrohRpc.Quic.Tls.Messages;

namespace IrohRpc.Quic.Tls.Resumption;

/// <summary>What a server writes into its tickets, so that it has nothing to remember itself.</summary>
internal sealed class TicketContent : IDisposable
{
    private const byte Version = 1;

    private TicketContent(SecretBytes psk) => Psk = psk;

    /// <summary>The pre-shared key.</summary>
    public SecretBytes Psk { get; }

    /// <summary>The number of the cipher suite.</summary>
    public required ushort Suite { get; init; }

    /// <summary>Who the client proved to be.</summary>
    public required EndpointId PeerId { get; init; }

    /// <summary>When the ticket was made, in milliseconds since 1970.</summary>
    public required long IssuedAt { get; init; }

    /// <summary>What the client adds to the ticket's age.</summary>
    public required uint AgeAdd { get; init; }

    /// <summary>Whether the ticket allows 0-RTT data.</summary>
    public required bool AllowsEarlyData { get; init; }

    /// <summary>The application protocol of the connection.</summary>
    public required string Alpn { get; init; }

    /// <summary>What must be the same when 0-RTT data arrives.</summary>
    public required byte[] EarlyDataContext { get; init; }

    /// <summary>Makes a content; the ticket owns the key.</summary>
    /// <param name="psk">The key.</param>
    /// <param name="suite">The cipher suite.</param>
    /// <param name="peerId">Who the client proved to be.</param>
    /// <param name="issuedAt">The time.</param>
    /// <param name="ageAdd">What the client adds to the ticket's age.</param>
    /// <param name="alpn">The application protocol.</param>
    /// <param name="earlyDataContext">What must be the same when 0-RTT data arrives; null where the ticket does not allow any.</param>
    public static TicketContent Create(
        SecretBytes psk, CipherSuite suite, EndpointId peerId, DateTimeOffset issuedAt, uint ageAdd, string alpn, byte[]? earlyDataContext)
        => new(psk)
        {
            Suite = suite.Code,
            PeerId = peerId,
            IssuedAt = issuedAt.ToUnixTimeMilliseconds(),
            AgeAdd = ageAdd,
            AllowsEarlyData = earlyDataContext is not null,
            Alpn = alpn,
            EarlyDataContext = earlyDataContext ?? [],
        };

    /// <summary>Encodes the content. The result holds the key: seal it and wipe it.</summary>
    public byte[] Encode()
    {
        byte[] alpn = Encoding.UTF8.GetBytes(Alpn);
        int length = 1 + 2 + EndpointId.Size + 8 + 4 + 1 + 1 + Psk.Span.Length + 1 + alpn.Length + 2 + EarlyDataContext.Length;
        byte[] encoded = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        Span<byte> rest = encoded;
        rest[0] = Version;
        BinaryPrimitives.WriteUInt16BigEndian(rest[1..], Suite);
        PeerId.CopyTo(rest[3..]);
        rest = rest[(3 + EndpointId.Size)..];
        BinaryPrimitives.WriteInt64BigEndian(rest, IssuedAt);
        BinaryPrimitives.WriteUInt32BigEndian(rest[8..], AgeAdd);
        rest[12] = AllowsEarlyData ? (byte)1 : (byte)0;
        rest[13] = (byte)Psk.Span.Length;
        Psk.Span.CopyTo(rest[14..]);
        rest = rest[(14 + Psk.Span.Length)..];
        rest[0] = (byte)alpn.Length;
        alpn.CopyTo(rest[1..]);
        rest = rest[(1 + alpn.Length)..];
        BinaryPrimitives.WriteUInt16BigEndian(rest, checked((ushort)EarlyDataContext.Length));
        EarlyDataContext.CopyTo(rest[2..]);
        return encoded;
    }

    /// <summary>Decodes what <see cref="Encode"/> wrote. It was authenticated, so it is ours, perhaps by another version.</summary>
    /// <param name="encoded">The bytes.</param>
    /// <returns>The content, or null where another version wrote it.</returns>
    public static TicketContent? Decode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty || encoded[0] != Version)
        {
            return null;
        }

        try
        {
            return Read(new MessageReader(encoded[1..]));
        }
        catch (TlsAlertException)
        {
            // A build that gave the same version another form: the client shakes hands in full.
            return null;
        }
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose() => Psk.Dispose();

    private static TicketContent Read(MessageReader reader)
    {
        ushort suite = reader.ReadUInt16();
        var peerId = new EndpointId(reader.ReadBytes(EndpointId.Size));
        long issuedAt = BinaryPrimitives.ReadInt64BigEndian(reader.ReadBytes(8));
        uint ageAdd = reader.ReadUInt32();
        bool allowsEarlyData = reader.ReadUInt8() != 0;
        return new TicketContent(new SecretBytes(reader.ReadVector8()))
        {
            Suite = suite,
            PeerId = peerId,
            IssuedAt = issuedAt,
            AgeAdd = ageAdd,
            AllowsEarlyData = allowsEarlyData,
            Alpn = Encoding.UTF8.GetString(reader.ReadVector8()),
            EarlyDataContext = reader.ReadVector16().ToArray(),
        };
    }
}
