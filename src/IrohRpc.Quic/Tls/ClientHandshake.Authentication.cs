using System.Text;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Authentication;
using IrohRpc.Quic.Tls.Keys;
using IrohRpc.Quic.Tls.Messages;
using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Quic.Tls;

// What the server answers to the offer, and who it is.
internal sealed partial class ClientHandshake
{
    private void HandleEncryptedExtensions(ReadOnlySpan<byte> message)
    {
        EncryptedExtensions extensions = EncryptedExtensions.Read(message, _offered);
        Secrets!.Append(message);
        Alpn = FindAlpn(extensions.Alpn);
        PeerTransportParameters = extensions.TransportParameters.ToArray();
        AnswerEarlyData(extensions.AcceptsEarlyData);
        if (IsResumed)
        {
            _state = State.WaitFinished;
            return;
        }

        _ownCertificateType = Negotiated(extensions.ClientCertificateType);
        _peerCertificateType = Negotiated(extensions.ServerCertificateType);
        _state = State.WaitCertificateRequest;
    }

    private void AnswerEarlyData(bool isAccepted)
    {
        if (EarlyData != EarlyDataStatus.Offered)
        {
            return;
        }

        if (isAccepted && (!IsResumed || Alpn != _session!.Alpn || Suite != _session.Suite))
        {
            throw TlsAlertException.Illegal("The server accepts 0-RTT data but not the session that it was sent under.");
        }

        EarlyData = isAccepted ? EarlyDataStatus.Accepted : EarlyDataStatus.Rejected;
    }

    private CertificateType Negotiated(CertificateType? answer)
    {
        IReadOnlyList<CertificateType> types = _options.EffectiveCertificateTypes;
        if (answer is null && !types.Contains(CertificateType.X509))
        {
            throw new TlsAlertException(AlertDescription.HandshakeFailure, "The server does not speak raw public keys (RFC 7250).");
        }

        CertificateType type = answer ?? CertificateType.X509;
        return types.Contains(type)
            ? type
            : throw TlsAlertException.Illegal($"The server chose certificate type {(byte)type}, which was not offered.");
    }

    private void HandleCertificate(ReadOnlySpan<byte> message)
    {
        bool isOfWeb = _options.AcceptsAnyServer && _peerCertificateType == CertificateType.X509;
        ReadOnlySpan<byte> certificate = CertificateMessage.Read(message, _offered, isFromClient: false, takesChain: isOfWeb);
        _credential = isOfWeb
            ? PeerCredential.ReadFromWeb(certificate)
            : PeerCredential.Read(_peerCertificateType, certificate, _options.TimeProvider.GetUtcNow());
        if (!_options.AcceptsAnyServer && _credential.Id != _options.ExpectedPeer)
        {
            throw new TlsAlertException(
                AlertDescription.UnknownCa, $"Peer {_credential.Id} answered, not {_options.ExpectedPeer} that was dialled.")
            {
                ClaimedPeer = _credential.Id,
            };
        }

        Secrets!.Append(message);
        _state = State.WaitCertificateVerify;
    }

    private string FindAlpn(ReadOnlySpan<byte> chosen)
    {
        if (chosen.IsEmpty)
        {
            throw new TlsAlertException(AlertDescription.NoApplicationProtocol, "The server chose no application protocol.");
        }

        foreach (string alpn in _options.Alpns)
        {
            if (chosen.SequenceEqual(Encoding.UTF8.GetBytes(alpn)))
            {
                return alpn;
            }
        }

        throw TlsAlertException.Illegal("The server chose an application protocol that was not offered.");
    }
}
