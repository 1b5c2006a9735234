using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls.Keys;

namespace IrohRpc.Quic.Tls;

/// <summary>The transcript and the secrets of one handshake, once the cipher suite is known.</summary>
internal sealed class HandshakeSecrets : IDisposable
{
    private KeySchedule? _schedule;
    private TranscriptHash? _transcript;
    private SecretBytes? _exporter;

    /// <summary>Starts a handshake.</summary>
    /// <param name="schedule">The key schedule with its PSK, if any.</param>
    /// <param name="transcript">The transcript so far.</param>
    public HandshakeSecrets(KeySchedule schedule, TranscriptHash transcript)
    {
        Suite = schedule.Suite;
        _schedule = schedule;
        _transcript = transcript;
    }

    /// <summary>The cipher suite.</summary>
    public CipherSuite Suite { get; }

    /// <summary>The client's secret for Handshake packets.</summary>
    public SecretBytes? ClientHandshake { get; private set; }

    /// <summary>The server's secret for Handshake packets.</summary>
    public SecretBytes? ServerHandshake { get; private set; }

    /// <summary>The client's first secret for 1-RTT packets.</summary>
    public SecretBytes? ClientApplication { get; private set; }

    /// <summary>The server's first secret for 1-RTT packets.</summary>
    public SecretBytes? ServerApplication { get; private set; }

    /// <summary>What the keys of tickets are derived from.</summary>
    public SecretBytes? Resumption { get; private set; }

    /// <summary>Adds a message to the transcript.</summary>
    /// <param name="message">The message with its header.</param>
    public void Append(ReadOnlySpan<byte> message) => _transcript!.Append(message);

    /// <summary>The hash of the transcript so far.</summary>
    /// <param name="output">A buffer of <see cref="TranscriptHash.MaxLength"/> bytes.</param>
    public ReadOnlySpan<byte> Hash(Span<byte> output) => _transcript!.GetCurrent(output);

    /// <summary>Derives the Handshake secrets. The transcript ends with ServerHello.</summary>
    /// <param name="sharedSecret">The result of the key exchange.</param>
    public void EnterHandshake(SecretBytes sharedSecret)
    {
        Span<byte> buffer = stackalloc byte[TranscriptHash.MaxLength];
        ReadOnlySpan<byte> hash = Hash(buffer);
        _schedule!.EnterHandshake(sharedSecret.Span);
        ClientHandshake = _schedule.Derive("c hs traffic", hash);
        ServerHandshake = _schedule.Derive("s hs traffic", hash);
    }

    /// <summary>Derives the 1-RTT secrets. The transcript ends with the server's Finished.</summary>
    public void EnterApplication()
    {
        Span<byte> buffer = stackalloc byte[TranscriptHash.MaxLength];
        ReadOnlySpan<byte> hash = Hash(buffer);
        _schedule!.EnterMaster();
        ClientApplication = _schedule.Derive("c ap traffic", hash);
        ServerApplication = _schedule.Derive("s ap traffic", hash);
        _exporter = _schedule.Derive("exp master", hash);
    }

    /// <summary>
    /// Derives the resumption secret, wipes all that only the handshake needs, and lets go of it: nothing can be appended or hashed any more. The
    /// transcript ends with the client's Finished.
    /// </summary>
    public void Complete()
    {
        Span<byte> buffer = stackalloc byte[TranscriptHash.MaxLength];
        Resumption = _schedule!.Derive("res master", Hash(buffer));
        DisposeHandshake();
    }

    /// <summary>Wipes the resumption secret: no more tickets follow.</summary>
    public void EndTickets()
    {
        Resumption?.Dispose();
        Resumption = null;
    }

    /// <summary>The PSK of a ticket.</summary>
    /// <param name="nonce">The ticket's nonce.</param>
    public SecretBytes DeriveTicketKey(ReadOnlySpan<byte> nonce)
    {
        var psk = new SecretBytes(Suite.HashLength);
        HkdfLabel.Expand(Suite.Hash, Resumption!.Span, "resumption", nonce, psk.Span);
        return psk;
    }

    /// <summary>Derives key material for the application (RFC 8446, section 7.5).</summary>
    /// <param name="label">What it is for.</param>
    /// <param name="context">What it is bound to.</param>
    /// <param name="output">Takes the key material.</param>
    public void Export(string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        if (_exporter is null)
        {
            throw new InvalidOperationException("The handshake has not got so far that key material can be exported.");
        }

        Span<byte> hash = stackalloc byte[TranscriptHash.MaxLength];
        using var derived = new SecretBytes(Suite.HashLength);
        int length = System.Security.Cryptography.CryptographicOperations.HashData(Suite.Hash, [], hash);
        HkdfLabel.Expand(Suite.Hash, _exporter.Span, label, hash[..length], derived.Span);
        length = System.Security.Cryptography.CryptographicOperations.HashData(Suite.Hash, context, hash);
        HkdfLabel.Expand(Suite.Hash, derived.Span, "exporter", hash[..length], output);
    }

    /// <summary>Wipes everything.</summary>
    public void Dispose()
    {
        DisposeHandshake();
        EndTickets();
        _exporter?.Dispose();
    }

    private void DisposeHandshake()
    {
        _schedule?.Dispose();
        _transcript?.Dispose();
        ClientHandshake?.Dispose();
        ServerHandshake?.Dispose();
        ClientApplication?.Dispose();
        ServerApplication?.Dispose();
        _schedule = null;
        _transcript = null;
        ClientHandshake = ServerHandshake = ClientApplication = ServerApplication = null;
    }
}
