using System.Buffers.Binary;
using System.Security.Cryptography;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Endpoints;

/// <summary>
/// Tokens by which a client shows that it is where it says (RFC 9000, section 8.1): those of Retry packets, for the handshake under way, and those of NEW_TOKEN
/// frames, for later ones.
/// </summary>
/// <remarks>Sealed, so that nobody but this endpoint can make or read one. Thread-safe.</remarks>
internal sealed class AddressTokens : IDisposable
{
    /// <summary>The length of the key.</summary>
    public const int KeyLength = 32;

    /// <summary>No token is longer.</summary>
    public const int MaxLength = NonceLength + MaxPlainLength + TagLength;

    /// <summary>For how long the token of a Retry is good.</summary>
    public static readonly TimeSpan RetryLifetime = TimeSpan.FromSeconds(15);

    /// <summary>For how long the token of a NEW_TOKEN frame is good.</summary>
    public static readonly TimeSpan NewTokenLifetime = TimeSpan.FromHours(24);

    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int AddressLength = 1 + 16 + 2;
    private const int MaxPlainLength = 1 + sizeof(long) + AddressLength + 1 + ConnectionId.MaxLength;

    private readonly AesGcm _cipher;
    private readonly TimeProvider _timeProvider;

    /// <summary>Makes tokens under a key.</summary>
    /// <param name="key">The key; one that lasts has clients spared a Retry after a restart.</param>
    /// <param name="timeProvider">The clock.</param>
    public AddressTokens(ReadOnlySpan<byte> key, TimeProvider timeProvider)
    {
        _cipher = new AesGcm(key, TagLength);
        _timeProvider = timeProvider;
    }

    private enum Kind : byte
    {
        Retry = 1,
        New = 2,
    }

    /// <summary>The token of a Retry.</summary>
    /// <param name="client">Where the client is.</param>
    /// <param name="originalDestination">The destination id of its first Initial.</param>
    public byte[] CreateForRetry(in UdpAddress client, in ConnectionId originalDestination) => Seal(Kind.Retry, client, originalDestination);

    /// <summary>A token for later connections from the same host.</summary>
    /// <param name="client">Where the client is; its port does not matter.</param>
    public byte[] Create(in UdpAddress client) => Seal(Kind.New, client, default);

    /// <summary>Looks at a token that a client brings.</summary>
    /// <param name="token">The token; any bytes.</param>
    /// <param name="client">Where the client is.</param>
    /// <param name="originalDestination">Of a Retry's token: the destination id of the client's first Initial.</param>
    public AddressTokenStatus Validate(ReadOnlySpan<byte> token, in UdpAddress client, out ConnectionId originalDestination)
    {
        originalDestination = default;
        int length = token.Length - NonceLength - TagLength;
        if (length is < 1 + sizeof(long) + AddressLength + 1 or > MaxPlainLength)
        {
            return AddressTokenStatus.Unknown;
        }

        Span<byte> plain = stackalloc byte[MaxPlainLength];
        plain = plain[..length];
        try
        {
            _cipher.Decrypt(token[..NonceLength], token.Slice(NonceLength, length), token[^TagLength..], plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return AddressTokenStatus.Unknown;
        }

        bool isRetry = plain[0] == (byte)Kind.Retry;
        TimeSpan age = _timeProvider.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(plain[1..]));
        Span<byte> address = stackalloc byte[AddressLength];
        WriteAddress(address, client, isRetry);
        bool isGood = age >= TimeSpan.FromMilliseconds(-1) && age <= (isRetry ? RetryLifetime : NewTokenLifetime)
            && plain.Slice(1 + sizeof(long), AddressLength).SequenceEqual(address);
        if (isRetry)
        {
            originalDestination = new ConnectionId(plain[(1 + sizeof(long) + AddressLength + 1)..]);
            return isGood ? AddressTokenStatus.RetryAnswered : AddressTokenStatus.RetryInvalid;
        }

        return isGood ? AddressTokenStatus.Known : AddressTokenStatus.Unknown;
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();

    private byte[] Seal(Kind kind, in UdpAddress client, in ConnectionId originalDestination)
    {
        Span<byte> plain = stackalloc byte[MaxPlainLength];
        plain[0] = (byte)kind;
        BinaryPrimitives.WriteInt64BigEndian(plain[1..], _timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
        WriteAddress(plain.Slice(1 + sizeof(long), AddressLength), client, kind == Kind.Retry);
        int length = 1 + sizeof(long) + AddressLength;
        plain[length++] = (byte)originalDestination.Length;
        originalDestination.Span.CopyTo(plain[length..]);
        length += originalDestination.Length;

        byte[] token = new byte[NonceLength + length + TagLength];
        Span<byte> nonce = token.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        _cipher.Encrypt(nonce, plain[..length], token.AsSpan(NonceLength, length), token.AsSpan(NonceLength + length));
        return token;
    }

    private static void WriteAddress(Span<byte> destination, in UdpAddress address, bool withPort)
    {
        destination.Clear();
        if (address.Relayed is { } relayed)
        {
            WriteRelayed(destination, relayed);
            return;
        }

        destination[0] = (byte)address.WriteAddress(destination[1..]);
        if (withPort)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[17..], (ushort)address.Port);
        }
    }

    // The relay knows its clients by their keys: the pair stands for the address, shortened to the room of one.
    private static void WriteRelayed(Span<byte> destination, RelayedPeer relayed)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. relayed.Id.ToByteArray(), .. System.Text.Encoding.UTF8.GetBytes(relayed.RelayUrl)], hash);
        destination[0] = byte.MaxValue;
        hash[..16].CopyTo(destination[1..]);
    }
}
