using System.Text;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Authentication;
using IrohRpc.Quic.Tls.Keys;
using IrohRpc.Quic.Tls.Messages;
using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Quic.Tls;

// From the ServerHello or HelloRetryRequest to the keys of the handshake.
internal sealed partial class ClientHandshake
{
    // The transcript ends with the whole ClientHello afterwards.
    private void FillInBinder(KeySchedule schedule, TranscriptHash transcript)
    {
        int hashLength = schedule.Suite.HashLength;
        Span<byte> hello = Writer.WrittenForPatching;
        int bindersLength = 2 + 1 + hashLength;
        transcript.Append(hello[..^bindersLength]);
        using SecretBytes binderKey = schedule.DeriveUnbound("res binder");
        Span<byte> hash = stackalloc byte[TranscriptHash.MaxLength];
        KeySchedule.ComputeFinished(schedule.Suite, binderKey.Span, transcript.GetCurrent(hash), hello[^hashLength..]);
        transcript.Append(hello[^bindersLength..]);
    }

    private void HandleServerHello(ReadOnlySpan<byte> message)
    {
        ServerHello hello = ServerHello.Read(message, _offered);
        CipherSuite suite = FindSuite(hello.CipherSuite);
        if (hello.IsRetry)
        {
            HandleRetry(message, hello, suite);
            return;
        }

        if (_retrySuite is not null && _retrySuite != suite)
        {
            throw TlsAlertException.Illegal("The server chose another cipher suite than in its HelloRetryRequest.");
        }

        if (hello.Group is null)
        {
            throw TlsAlertException.Missing("The ServerHello has no key share.");
        }

        if (hello.Group != (ushort)_share!.Group)
        {
            throw TlsAlertException.Illegal("The server chose a group for which no key was sent.");
        }

        AcceptPsk(hello.SelectedPsk, suite);
        TranscriptHash transcript = _retryTranscript ?? new TranscriptHash(suite);
        if (_retryTranscript is null)
        {
            transcript.Append(_firstHello);
        }

        _retryTranscript = null;
        _firstHello = [];
        Secrets = new HandshakeSecrets(new KeySchedule(suite, IsResumed ? _session!.Psk : []), transcript);
        Secrets.Append(message);
        using (SecretBytes shared = _share.Agree(hello.Key))
        {
            Secrets.EnterHandshake(shared);
        }

        _share.Dispose();
        ReadLevel = EncryptionLevel.Handshake;
        _state = State.WaitEncryptedExtensions;
        Install(EncryptionLevel.Handshake, SecretDirection.Read, Secrets.ServerHandshake!);
        Install(EncryptionLevel.Handshake, SecretDirection.Write, Secrets.ClientHandshake!);
    }

    private void AcceptPsk(ushort? selected, CipherSuite suite)
    {
        if (selected is null)
        {
            return;
        }

        if (selected != 0)
        {
            throw TlsAlertException.Illegal("The server chose a PSK that was not offered.");
        }

        if (_session!.Suite.Hash != suite.Hash)
        {
            throw TlsAlertException.Illegal("The server chose a cipher suite with another hash than the PSK's.");
        }

        IsResumed = true;
    }

    private void HandleRetry(ReadOnlySpan<byte> message, scoped in ServerHello retry, CipherSuite suite)
    {
        if (_retrySuite is not null)
        {
            throw Unexpected(HandshakeType.ServerHello);
        }

        if (retry.Group is null && retry.Cookie.IsEmpty)
        {
            throw TlsAlertException.Illegal("The HelloRetryRequest would change nothing.");
        }

        if (retry.Group is { } code)
        {
            var group = (NamedGroup)code;
            if (!_options.Groups.Contains(group) || group == _share!.Group)
            {
                throw TlsAlertException.Illegal("The HelloRetryRequest asks for a group that was not offered, or that a key was sent for.");
            }

            _share.Dispose();
            _share = KeyShare.Create(group, _options.Random);
        }

        _retrySuite = suite;
        _retryTranscript = new TranscriptHash(suite);
        _retryTranscript.Append(_firstHello);
        _retryTranscript.ReplaceByMessageHash();
        _retryTranscript.Append(message);
        if (EarlyData == EarlyDataStatus.Offered)
        {
            EarlyData = EarlyDataStatus.Rejected;
        }

        if (_session is not null && _session.Suite.Hash != suite.Hash)
        {
            _session.Dispose();
            _session = null;
        }

        _hello.Write(Writer, _share!, retry.Cookie, _session, offersEarlyData: false);
        _offered = OfferedExtensions.Of(Writer.Written);
        if (_session is null)
        {
            _retryTranscript.Append(Writer.Written);
        }
        else
        {
            using var schedule = new KeySchedule(_session.Suite, _session.Psk);
            FillInBinder(schedule, _retryTranscript);
        }

        Flush(EncryptionLevel.Initial);
    }

    private CipherSuite FindSuite(ushort code)
        => _options.CipherSuites.FirstOrDefault(suite => suite.Code == code)
            ?? throw TlsAlertException.Illegal("The server chose a cipher suite that was not offered.");
}
