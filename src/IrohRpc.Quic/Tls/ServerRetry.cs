using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Keys;
using IrohRpc.Quic.Tls.Messages;

namespace IrohRpc.Quic.Tls;

/// <summary>What a server remembers between its HelloRetryRequest and the second ClientHello (RFC 8446, section 4.1.2).</summary>
internal sealed class ServerRetry : IDisposable
{
    private readonly byte[] _firstHello;
    private TranscriptHash? _transcript;

    /// <summary>Starts the transcript anew.</summary>
    /// <param name="firstHello">The first ClientHello.</param>
    /// <param name="suite">The suite that was chosen.</param>
    /// <param name="group">The group that is asked for.</param>
    /// <param name="retry">The HelloRetryRequest.</param>
    public ServerRetry(ReadOnlySpan<byte> firstHello, CipherSuite suite, NamedGroup group, ReadOnlySpan<byte> retry)
    {
        _firstHello = firstHello.ToArray();
        Group = group;
        _transcript = new TranscriptHash(suite);
        _transcript.Append(firstHello);
        _transcript.ReplaceByMessageHash();
        _transcript.Append(retry);
    }

    /// <summary>The group that was asked for.</summary>
    public NamedGroup Group { get; }

    /// <summary>Checks that the client changed nothing but what it has to.</summary>
    /// <param name="hello">The second ClientHello.</param>
    public void CheckSecondHello(scoped in ClientHello hello)
    {
        ClientHello first = ClientHello.Read(_firstHello);
        var shares = new MessageReader(hello.KeyShares);
        bool hasOneShare = !shares.IsAtEnd && shares.ReadUInt16() == (ushort)Group && !shares.ReadVector16().IsEmpty && shares.IsAtEnd;
        bool isSame = first.Random.SequenceEqual(hello.Random)
            && first.CipherSuites.SequenceEqual(hello.CipherSuites)
            && first.SupportedGroups.SequenceEqual(hello.SupportedGroups)
            && first.SignatureAlgorithms.SequenceEqual(hello.SignatureAlgorithms)
            && first.Alpns.SequenceEqual(hello.Alpns)
            && first.ClientCertificateTypes.SequenceEqual(hello.ClientCertificateTypes)
            && first.ServerCertificateTypes.SequenceEqual(hello.ServerCertificateTypes)
            && first.TransportParameters.SequenceEqual(hello.TransportParameters)
            && first.HasServerName == hello.HasServerName;
        if (!isSame || !hasOneShare || hello.HasEarlyData || hello.HasCookie)
        {
            throw TlsAlertException.Illegal("The second ClientHello differs from the first in what must not change.");
        }
    }

    /// <summary>The transcript up to the HelloRetryRequest; the caller owns it.</summary>
    public TranscriptHash TakeTranscript()
    {
        TranscriptHash transcript = _transcript!;
        _transcript = null;
        return transcript;
    }

    /// <inheritdoc/>
    public void Dispose() => _transcript?.Dispose();
}
