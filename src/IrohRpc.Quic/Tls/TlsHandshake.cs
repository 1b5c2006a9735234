using System.Security.Cryptography;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Authentication;
using IrohRpc.Quic.Tls.Keys;
using IrohRpc.Quic.Tls.Messages;

namespace IrohRpc.Quic.Tls;

/// <summary>
/// One side of a TLS 1.3 handshake for QUIC (RFC 8446 without records; RFC 9001): takes the bytes of CRYPTO frames and hands bytes to send and secrets to its sink.
/// It has no I/O and starts nothing by itself.
/// </summary>
/// <remarks>
/// Not thread-safe. After a <see cref="TlsAlertException"/> the handshake is over and its secrets are wiped. After the handshake it stays to receive tickets and to export
/// key material; <see cref="Dispose"/> wipes the rest.
/// </remarks>
internal abstract class TlsHandshake : IDisposable
{
    /// <summary>The longest handshake message that is accepted, in bytes. Honest ones have less than 2,000.</summary>
    public const int MaxMessageLength = 16 * 1024;

    private const int HeaderLength = 4;

    private byte[] _partial = [];
    private int _partialLength;
    private bool _isOver;

    private protected TlsHandshake(TlsOptions options, ITlsHandshakeSink sink)
    {
        if (options.Alpns.Count > 0 && options.Alpns.Any(static alpn => alpn.Length is 0 or > 255))
        {
            throw new ArgumentException("An ALPN has 1 to 255 bytes.", nameof(options));
        }

        CommonOptions = options;
        Sink = sink;
    }

    /// <summary>Whether this is the server's side.</summary>
    public abstract bool IsServer { get; }

    /// <summary>Whether the handshake is complete (RFC 9001, section 4.1.1): this side has sent and verified Finished.</summary>
    public bool IsComplete { get; private protected set; }

    /// <summary>The level whose bytes <see cref="Receive"/> expects next.</summary>
    public EncryptionLevel ReadLevel { get; private protected set; } = EncryptionLevel.Initial;

    /// <summary>The cipher suite, once it is chosen.</summary>
    public CipherSuite? Suite => Secrets?.Suite;

    /// <summary>The application protocol, once it is chosen.</summary>
    public string? Alpn { get; private protected set; }

    /// <summary>
    /// Who the peer proved to be; null until it has. On the client it stays null until the server's Finished arrived, on the server until the client's.
    /// </summary>
    public EndpointId? PeerId { get; private protected set; }

    /// <summary>
    /// The peer's transport parameters as it encoded them, once they are known: on the server with the first bytes to send, on the client before it
    /// sends at 1-RTT. They are authenticated only when <see cref="IsComplete"/>.
    /// </summary>
    public byte[]? PeerTransportParameters { get; private protected set; }

    /// <summary>Whether a ticket stood in for certificates.</summary>
    public bool IsResumed { get; private protected set; }

    /// <summary>What became of 0-RTT data.</summary>
    public EarlyDataStatus EarlyData { get; private protected set; }

    /// <summary>On a client that offers 0-RTT data: the server's transport parameters of the session before, by which that data is limited.</summary>
    public virtual byte[]? RememberedTransportParameters => null;

    /// <summary>On a client that offers 0-RTT data: the application protocol that it is sent under.</summary>
    public virtual string? RememberedAlpn => null;

    /// <summary>Whether this side showed who it is. A server may choose not to ask.</summary>
    public bool IsAuthenticatedToPeer { get; private protected set; }

    private protected TlsOptions CommonOptions { get; private set; }

    private protected ITlsHandshakeSink Sink { get; }

    private protected MessageWriter Writer { get; private set; } = new();

    private protected HandshakeSecrets? Secrets { get; set; }

    /// <summary>Makes the client's side.</summary>
    /// <param name="options">What to offer and whom to expect.</param>
    /// <param name="sink">Takes what the handshake produces.</param>
    public static TlsHandshake CreateClient(TlsClientOptions options, ITlsHandshakeSink sink) => new ClientHandshake(options, sink);

    /// <summary>Makes the server's side.</summary>
    /// <param name="options">What to accept.</param>
    /// <param name="sink">Takes what the handshake produces.</param>
    public static TlsHandshake CreateServer(TlsServerOptions options, ITlsHandshakeSink sink) => new ServerHandshake(options, sink);

    /// <summary>Lets go of <see cref="PeerTransportParameters"/>, which the owner has read. A client needs them for its tickets.</summary>
    public void ForgetPeerTransportParameters()
    {
        if (IsServer)
        {
            PeerTransportParameters = null;
        }
    }

    /// <summary>Starts: a client sends ClientHello, a server waits for it.</summary>
    public virtual void Start()
    {
    }

    /// <summary>Takes bytes of CRYPTO frames, in order.</summary>
    /// <param name="level">The level of the packet that they came in.</param>
    /// <param name="data">The bytes, from anywhere in the stream of that level to anywhere.</param>
    /// <exception cref="TlsAlertException">The peer broke a rule or is not who it should be; the handshake is over.</exception>
    public void Receive(EncryptionLevel level, ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(_isOver, this);
        try
        {
            ReceiveCore(level, data);
        }
        catch (TlsAlertException)
        {
            Dispose();
            throw;
        }
        catch (CryptographicException exception)
        {
            Dispose();
            throw new TlsAlertException(AlertDescription.InternalError, "A cryptographic operation failed.", exception);
        }
    }

    /// <summary>Derives key material for the application from the connection (RFC 8446, section 7.5). Both sides get the same.</summary>
    /// <param name="label">What it is for.</param>
    /// <param name="context">What it is bound to.</param>
    /// <param name="output">Takes the key material.</param>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public void ExportKeyingMaterial(string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(_isOver, this);
        if (!IsComplete)
        {
            throw new InvalidOperationException("The handshake is not complete.");
        }

        Secrets!.Export(label, context, output);
    }

    /// <summary>Wipes all secrets.</summary>
    public virtual void Dispose()
    {
        _isOver = true;
        _partial = [];
        _partialLength = 0;
        Secrets?.Dispose();
    }

    /// <summary>The handshake is over: lets go of what it was told and of the memory that it wrote into, because connections live on for long.</summary>
    private protected virtual void Release()
    {
        CommonOptions = null!;
        Writer = null!;
    }

    /// <summary>Handles one whole message.</summary>
    /// <param name="type">Its type, which may be any number.</param>
    /// <param name="message">The message with its header.</param>
    private protected abstract void Handle(HandshakeType type, ReadOnlySpan<byte> message);

    /// <summary>Sends what <see cref="Writer"/> holds, which may be several messages, and clears it.</summary>
    /// <param name="level">The level to send at.</param>
    private protected void Flush(EncryptionLevel level)
    {
        Sink.OnCryptoData(level, Writer.Written);
        Writer.Clear();
    }

    /// <summary>Writes a message that has been composed up to here into the transcript.</summary>
    /// <param name="start">Where in <see cref="Writer"/> it starts.</param>
    private protected void AppendWritten(int start) => Secrets!.Append(Writer.Written[start..]);

    /// <summary>Hands a secret to the sink.</summary>
    private protected void Install(EncryptionLevel level, SecretDirection direction, SecretBytes secret)
        => Sink.OnSecret(level, direction, Secrets!.Suite, secret.Span);

    /// <summary>Writes Certificate and CertificateVerify and adds them to the transcript.</summary>
    private protected void WriteAuthentication(CertificateType type)
    {
        int start = Writer.Length;
        CommonOptions.Identity.WriteCertificate(Writer, type);
        AppendWritten(start);

        Span<byte> hash = stackalloc byte[TranscriptHash.MaxLength];
        byte[] content = CertificateVerifyMessage.SignedContent(IsServer, Secrets!.Hash(hash));
        start = Writer.Length;
        CommonOptions.Identity.WriteCertificateVerify(Writer, type, content);
        AppendWritten(start);
    }

    /// <summary>Writes Finished and adds it to the transcript.</summary>
    private protected void WriteFinished(SecretBytes ownSecret)
    {
        Span<byte> hash = stackalloc byte[TranscriptHash.MaxLength];
        int start = Writer.Length;
        int message = Writer.BeginMessage(HandshakeType.Finished);
        KeySchedule.ComputeFinished(Secrets!.Suite, ownSecret.Span, Secrets.Hash(hash), Writer.Reserve(Secrets.Suite.HashLength));
        Writer.EndMessage(message);
        AppendWritten(start);
    }

    /// <summary>Checks the peer's Finished and adds it to the transcript.</summary>
    private protected void VerifyFinished(ReadOnlySpan<byte> message, SecretBytes peerSecret)
    {
        Span<byte> hash = stackalloc byte[TranscriptHash.MaxLength];
        Span<byte> expected = stackalloc byte[TranscriptHash.MaxLength];
        expected = expected[..Secrets!.Suite.HashLength];
        KeySchedule.ComputeFinished(Secrets.Suite, peerSecret.Span, Secrets.Hash(hash), expected);
        if (message.Length != HeaderLength + expected.Length)
        {
            throw TlsAlertException.Malformed("Finished does not have the length of the hash.");
        }

        if (!CryptographicOperations.FixedTimeEquals(message[HeaderLength..], expected))
        {
            throw new TlsAlertException(AlertDescription.DecryptError, "Finished does not verify.");
        }

        Secrets.Append(message);
    }

    /// <summary>Checks the peer's CertificateVerify and adds it to the transcript.</summary>
    private protected void VerifyCertificateVerify(ReadOnlySpan<byte> message, PeerCredential credential)
    {
        Span<byte> hash = stackalloc byte[TranscriptHash.MaxLength];
        byte[] content = CertificateVerifyMessage.SignedContent(!IsServer, Secrets!.Hash(hash));
        ReadOnlySpan<byte> signature = CertificateVerifyMessage.Read(message, out SignatureScheme scheme);
        credential.Verify(scheme, content, signature);
        Secrets.Append(message);
    }

    /// <summary>The exception for a message that does not fit the state.</summary>
    private protected static TlsAlertException Unexpected(HandshakeType type)
        => new(AlertDescription.UnexpectedMessage, $"Handshake message {(byte)type} is not allowed here.");

    private void ReceiveCore(EncryptionLevel level, ReadOnlySpan<byte> data)
    {
        if (level != ReadLevel)
        {
            if (data.IsEmpty)
            {
                return;
            }

            // RFC 9001, section 4.1.3: nothing new may arrive at a level that is done with.
            throw level < ReadLevel || level == EncryptionLevel.ZeroRtt
                ? TlsAlertException.ProtocolViolation($"Handshake data arrived at level {level}, which is complete.")
                : new TlsAlertException(AlertDescription.UnexpectedMessage, $"Handshake data arrived at level {level} before its time.");
        }

        if (_partialLength == 0)
        {
            int consumed = HandleMessages(data);
            Keep(data[consumed..]);
            return;
        }

        Keep(data);
        int used = HandleMessages(_partial.AsSpan(0, _partialLength));
        if (used > 0)
        {
            _partial.AsSpan(used, _partialLength - used).CopyTo(_partial);
            _partialLength -= used;
        }

        if (_partialLength == 0)
        {
            _partial = [];
        }
    }

    private int HandleMessages(ReadOnlySpan<byte> data)
    {
        int position = 0;
        while (data.Length - position >= HeaderLength)
        {
            ReadOnlySpan<byte> rest = data[position..];
            int length = (rest[1] << 16) | (rest[2] << 8) | rest[3];
            if (length > MaxMessageLength)
            {
                throw TlsAlertException.Malformed($"A handshake message has {length} bytes; at most {MaxMessageLength} are accepted.");
            }

            if (rest.Length - HeaderLength < length)
            {
                break;
            }

            EncryptionLevel before = ReadLevel;
            Handle((HandshakeType)rest[0], rest[..(HeaderLength + length)]);
            position += HeaderLength + length;
            if (ReadLevel != before && position < data.Length)
            {
                throw new TlsAlertException(AlertDescription.UnexpectedMessage, "A handshake message continues over a change of keys.");
            }
        }

        return position;
    }

    private void Keep(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return;
        }

        int needed = _partialLength + data.Length;
        if (needed > _partial.Length)
        {
            Array.Resize(ref _partial, Math.Max(needed, Math.Min(_partial.Length * 2, HeaderLength + MaxMessageLength)));
        }

        data.CopyTo(_partial.AsSpan(_partialLength));
        _partialLength = needed;
    }
}
