using System.Buffers.Binary;
using System.Security.Cryptography;
using IrohRpc.Quic.Tls.Keys;

namespace IrohRpc.Quic.Tls.Resumption;

/// <summary>
/// Seals tickets so that only this server can read them. The key changes twice a day; tickets of the period before still open, so that a ticket
/// lives for at least half a day and at most a whole one.
/// </summary>
/// <remarks>
/// Whoever learns the master secret can read the PSK of each ticket but not what was said under it, since the key exchange is made
/// anew in each resumption (psk_dhe_ke). Thread-safe.
/// </remarks>
internal sealed class TicketKeys : IDisposable
{
    /// <summary>The length of a master secret.</summary>
    public const int SecretLength = 32;

    /// <summary>How long one key seals.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromHours(12);

    private const int PeriodLength = 8;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly SecretBytes _master;
    private readonly TimeProvider _timeProvider;

    /// <summary>Makes keys.</summary>
    /// <param name="timeProvider">The clock by which keys change.</param>
    /// <param name="masterSecret">A secret that lasts, for tickets that outlive the process; empty for a new one.</param>
    public TicketKeys(TimeProvider timeProvider, ReadOnlySpan<byte> masterSecret = default)
    {
        if (!masterSecret.IsEmpty && masterSecret.Length != SecretLength)
        {
            throw new ArgumentException($"The secret must have {SecretLength} bytes.", nameof(masterSecret));
        }

        _timeProvider = timeProvider;
        _master = new SecretBytes(SecretLength);
        if (masterSecret.IsEmpty)
        {
            RandomNumberGenerator.Fill(_master.Span);
        }
        else
        {
            masterSecret.CopyTo(_master.Span);
        }
    }

    /// <summary>Seals a ticket.</summary>
    /// <param name="content">What it says.</param>
    public byte[] Seal(TicketContent content)
    {
        byte[] plain = content.Encode();
        byte[] ticket = new byte[PeriodLength + NonceLength + plain.Length + TagLength];
        Span<byte> header = ticket.AsSpan(0, PeriodLength);
        BinaryPrimitives.WriteInt64BigEndian(header, CurrentPeriod);
        Span<byte> nonce = ticket.AsSpan(PeriodLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm key = KeyFor(header);
        key.Encrypt(
            nonce, plain, ticket.AsSpan(PeriodLength + NonceLength, plain.Length), ticket.AsSpan(ticket.Length - TagLength), header);
        CryptographicOperations.ZeroMemory(plain);
        return ticket;
    }

    /// <summary>Opens a ticket.</summary>
    /// <param name="ticket">What a client sent; any bytes.</param>
    /// <returns>What it says, or null where it is not a ticket of this server, or is too old.</returns>
    public TicketContent? Open(ReadOnlySpan<byte> ticket)
    {
        int length = ticket.Length - PeriodLength - NonceLength - TagLength;
        if (length <= 0)
        {
            return null;
        }

        ReadOnlySpan<byte> header = ticket[..PeriodLength];
        long age = unchecked(CurrentPeriod - BinaryPrimitives.ReadInt64BigEndian(header));
        if (age is not (0 or 1))
        {
            return null;
        }

        byte[] plain = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        try
        {
            using AesGcm key = KeyFor(header);
            key.Decrypt(
                ticket.Slice(PeriodLength, NonceLength), ticket.Slice(PeriodLength + NonceLength, length), ticket[^TagLength..], plain, header);
            return TicketContent.Decode(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Wipes the master secret.</summary>
    public void Dispose() => _master.Dispose();

    private long CurrentPeriod => _timeProvider.GetUtcNow().UtcTicks / Period.Ticks;

    private AesGcm KeyFor(ReadOnlySpan<byte> period)
    {
        Span<byte> key = stackalloc byte[32];
        HKDF.Expand(HashAlgorithmName.SHA256, _master.Span, key, period);
        var cipher = new AesGcm(key, TagLength);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }
}
