using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Messages;
using static IrohRpc.Quic.Tests.Tls.MessageEditor;

namespace IrohRpc.Quic.Tests.Tls;

/// <summary>What a client does with messages of a server that break a rule.</summary>
public sealed class HostileServerTests : IDisposable
{
    private const int Versions = 43;
    private const int KeyShare = 51;
    private const int Parameters = 57;
    private const int Alpn = 16;

    private static readonly Dictionary<string, (HandshakeType Type, AlertDescription Alert, Func<byte[], byte[]> Edit)> Cases = new()
    {
        ["ServerHello cut"] = (HandshakeType.ServerHello, AlertDescription.DecodeError, m => WithBody(m, b => b[..^1])),
        ["ServerHello with a trailing byte"] = (HandshakeType.ServerHello, AlertDescription.DecodeError, m => WithBody(m, b => [.. b, 0])),
        ["wrong legacy version"] = (HandshakeType.ServerHello, AlertDescription.IllegalParameter, m => WithBody(m, b => [3, 4, .. b[2..]])),
        ["session id echoed that was not sent"] = (HandshakeType.ServerHello, AlertDescription.IllegalParameter, m => WithBody(m, b => [.. b[..34], 1, 7, .. b[35..]])),
        ["cipher suite not offered"] = (HandshakeType.ServerHello, AlertDescription.IllegalParameter, m => WithBody(m, b => [.. b[..35], 0x13, 4, .. b[37..]])),
        ["compression"] = (HandshakeType.ServerHello, AlertDescription.IllegalParameter, m => WithBody(m, b => [.. b[..37], 1, .. b[38..]])),
        ["no version: TLS 1.2"] = (HandshakeType.ServerHello, AlertDescription.ProtocolVersion, m => Remove(m, Versions)),
        ["no version, downgrade mark of TLS 1.2"] = (HandshakeType.ServerHello, AlertDescription.IllegalParameter, m => Downgrade(Remove(m, Versions), 1)),
        ["no version, downgrade mark of TLS 1.1"] = (HandshakeType.ServerHello, AlertDescription.IllegalParameter, m => Downgrade(Remove(m, Versions), 0)),
        ["version 1.2 selected"] = (HandshakeType.ServerHello, AlertDescription.IllegalParameter, m => Replace(m, Versions, 3, 3)),
        ["version with a trailing byte"] = (HandshakeType.ServerHello, AlertDescription.DecodeError, m => Replace(m, Versions, 3, 4, 0)),
        ["no key share"] = (HandshakeType.ServerHello, AlertDescription.MissingExtension, m => Remove(m, KeyShare)),
        ["key share of a group without key"] = (HandshakeType.ServerHello, AlertDescription.IllegalParameter, m => Replace(m, KeyShare, [0, 0x17, .. Vector16(new byte[65])])),
        ["key share of zeros"] = (HandshakeType.ServerHello, AlertDescription.IllegalParameter, m => Replace(m, KeyShare, [0, 0x1d, .. Vector16(new byte[32])])),
        ["key share too short"] = (HandshakeType.ServerHello, AlertDescription.IllegalParameter, m => Replace(m, KeyShare, [0, 0x1d, .. Vector16(new byte[31])])),
        ["PSK selected that was not offered"] = (HandshakeType.ServerHello, AlertDescription.UnsupportedExtension, m => Append(m, 41, 0, 0)),
        ["unknown extension in ServerHello"] = (HandshakeType.ServerHello, AlertDescription.UnsupportedExtension, m => Append(m, 0x1a1a)),
        ["ALPN in ServerHello"] = (HandshakeType.ServerHello, AlertDescription.IllegalParameter, m => Append(m, Alpn, 0, 2, 1, 65)),
        ["extension twice in ServerHello"] = (HandshakeType.ServerHello, AlertDescription.IllegalParameter, m => Duplicate(m, Versions)),

        ["EncryptedExtensions cut"] = (HandshakeType.EncryptedExtensions, AlertDescription.DecodeError, m => WithBody(m, b => b[..^1])),
        ["EncryptedExtensions with a trailing byte"] = (HandshakeType.EncryptedExtensions, AlertDescription.DecodeError, m => WithBody(m, b => [.. b, 0])),
        ["no ALPN chosen"] = (HandshakeType.EncryptedExtensions, AlertDescription.NoApplicationProtocol, m => Remove(m, Alpn)),
        ["ALPN not offered"] = (HandshakeType.EncryptedExtensions, AlertDescription.IllegalParameter, m => Replace(m, Alpn, Vector16(Vector8(1, 2)))),
        ["two ALPNs"] = (HandshakeType.EncryptedExtensions, AlertDescription.DecodeError, m => Replace(m, Alpn, Vector16([.. Vector8("echo/1"u8.ToArray()), .. Vector8(2)]))),
        ["empty ALPN"] = (HandshakeType.EncryptedExtensions, AlertDescription.DecodeError, m => Replace(m, Alpn, Vector16([0]))),
        ["no transport parameters"] = (HandshakeType.EncryptedExtensions, AlertDescription.MissingExtension, m => Remove(m, Parameters)),
        ["certificate type not offered"] = (HandshakeType.EncryptedExtensions, AlertDescription.IllegalParameter, m => Replace(m, 20, 1)),
        ["client certificate type not offered"] = (HandshakeType.EncryptedExtensions, AlertDescription.IllegalParameter, m => Replace(m, 19, 3)),
        ["certificate type with two bytes"] = (HandshakeType.EncryptedExtensions, AlertDescription.DecodeError, m => Replace(m, 20, 2, 2)),
        ["early data accepted that was not offered"] = (HandshakeType.EncryptedExtensions, AlertDescription.UnsupportedExtension, m => Append(m, 42)),
        ["max_fragment_length not offered"] = (HandshakeType.EncryptedExtensions, AlertDescription.UnsupportedExtension, m => Append(m, 1, 1)),
        ["unknown extension in EncryptedExtensions"] = (HandshakeType.EncryptedExtensions, AlertDescription.UnsupportedExtension, m => Append(m, 0x1a1a)),
        ["key_share in EncryptedExtensions"] = (HandshakeType.EncryptedExtensions, AlertDescription.IllegalParameter, m => Append(m, KeyShare)),
        ["supported_versions in EncryptedExtensions"] = (HandshakeType.EncryptedExtensions, AlertDescription.IllegalParameter, m => Append(m, Versions, 3, 4)),
        ["extension twice in EncryptedExtensions"] = (HandshakeType.EncryptedExtensions, AlertDescription.IllegalParameter, m => Duplicate(m, Alpn)),
        ["server name acknowledged with content"] = (HandshakeType.EncryptedExtensions, AlertDescription.DecodeError, m => Replace(m, 0, 1)),

        ["CertificateRequest with a context"] = (HandshakeType.CertificateRequest, AlertDescription.IllegalParameter, m => WithBody(m, b => [1, 9, .. b[1..]])),
        ["CertificateRequest without schemes"] = (HandshakeType.CertificateRequest, AlertDescription.MissingExtension, m => Append(Remove(m, 13), 0x1a1a)),
        ["CertificateRequest without extensions"] = (HandshakeType.CertificateRequest, AlertDescription.DecodeError, m => Remove(m, 13)),
        ["CertificateRequest with key_share"] = (HandshakeType.CertificateRequest, AlertDescription.IllegalParameter, m => Append(m, KeyShare)),
        ["CertificateRequest for other schemes"] = (HandshakeType.CertificateRequest, AlertDescription.HandshakeFailure, m => Replace(m, 13, 0, 2, 8, 4)),
        ["CertificateRequest with an odd list"] = (HandshakeType.CertificateRequest, AlertDescription.DecodeError, m => Replace(m, 13, 0, 3, 8, 7, 8)),
        ["CertificateRequest twice"] = (HandshakeType.CertificateRequest, AlertDescription.UnexpectedMessage, m => [.. m, .. m]),

        ["Certificate with a context"] = (HandshakeType.Certificate, AlertDescription.IllegalParameter, m => WithBody(m, b => [1, 9, .. b[1..]])),
        ["empty Certificate"] = (HandshakeType.Certificate, AlertDescription.DecodeError, m => WithBody(m, _ => [0, 0, 0, 0])),
        ["two public keys"] = (HandshakeType.Certificate, AlertDescription.BadCertificate, m => WithBody(m, b => [0, 0, 0, 98, .. b[4..], .. b[4..]])),
        ["empty public key"] = (HandshakeType.Certificate, AlertDescription.DecodeError, m => WithBody(m, _ => [0, 0, 0, 5, 0, 0, 0, 0, 0])),
        ["public key cut"] = (HandshakeType.Certificate, AlertDescription.UnsupportedCertificate, m => WithBody(m, b => [0, 0, 0, 48, 0, 0, 43, .. b[7..50], 0, 0])),
        ["public key with a trailing byte"] = (HandshakeType.Certificate, AlertDescription.UnsupportedCertificate, m => WithBody(m, b => [0, 0, 0, 50, 0, 0, 45, .. b[7..51], 0, 0, 0])),
        ["bare 32 bytes as public key"] = (HandshakeType.Certificate, AlertDescription.UnsupportedCertificate, m => WithBody(m, b => [0, 0, 0, 37, 0, 0, 32, .. b[19..51], 0, 0])),
        ["X25519 as public key"] = (HandshakeType.Certificate, AlertDescription.UnsupportedCertificate, m => WithBody(m, b => [.. b[..15], 0x6e, .. b[16..]])),
        ["other public key"] = (HandshakeType.Certificate, AlertDescription.UnknownCa, m => WithBody(m, b => [.. b[..30], (byte)(b[30] ^ 1), .. b[31..]])),
        ["extension of a certificate that was not offered"] = (HandshakeType.Certificate, AlertDescription.UnsupportedExtension, m => WithBody(m, b => [0, 0, 0, 53, .. b[4..51], 0, 4, 0, 5, 0, 0])),
        ["Certificate with a trailing byte"] = (HandshakeType.Certificate, AlertDescription.DecodeError, m => WithBody(m, b => [.. b, 0])),

        ["CertificateVerify by another scheme"] = (HandshakeType.CertificateVerify, AlertDescription.IllegalParameter, m => WithBody(m, b => [4, 3, .. b[2..]])),
        ["CertificateVerify by RSA"] = (HandshakeType.CertificateVerify, AlertDescription.IllegalParameter, m => WithBody(m, b => [8, 4, .. b[2..]])),
        ["CertificateVerify with another signature"] = (HandshakeType.CertificateVerify, AlertDescription.DecryptError, m => WithBody(m, b => [.. b[..20], (byte)(b[20] ^ 1), .. b[21..]])),
        ["CertificateVerify with a short signature"] = (HandshakeType.CertificateVerify, AlertDescription.DecryptError, m => WithBody(m, b => [8, 7, 0, 63, .. b[4..67]])),
        ["CertificateVerify with a long signature"] = (HandshakeType.CertificateVerify, AlertDescription.DecryptError, m => WithBody(m, b => [8, 7, 0, 65, .. b[4..], 0])),
        ["CertificateVerify without signature"] = (HandshakeType.CertificateVerify, AlertDescription.DecryptError, m => WithBody(m, _ => [8, 7, 0, 0])),
        ["CertificateVerify with a trailing byte"] = (HandshakeType.CertificateVerify, AlertDescription.DecodeError, m => WithBody(m, b => [.. b, 0])),
        ["no CertificateVerify"] = (HandshakeType.CertificateVerify, AlertDescription.UnexpectedMessage, _ => []),
        ["no Certificate"] = (HandshakeType.Certificate, AlertDescription.UnexpectedMessage, _ => []),
        ["no EncryptedExtensions"] = (HandshakeType.EncryptedExtensions, AlertDescription.UnexpectedMessage, _ => []),
        ["EncryptedExtensions twice"] = (HandshakeType.EncryptedExtensions, AlertDescription.UnexpectedMessage, m => [.. m, .. m]),

        ["Finished cut"] = (HandshakeType.Finished, AlertDescription.DecodeError, m => WithBody(m, b => b[..^1])),
        ["Finished with a trailing byte"] = (HandshakeType.Finished, AlertDescription.DecodeError, m => WithBody(m, b => [.. b, 0])),
        ["wrong Finished"] = (HandshakeType.Finished, AlertDescription.DecryptError, m => WithBody(m, b => [.. b[..^1], (byte)(b[^1] ^ 0x80)])),
        ["empty Finished"] = (HandshakeType.Finished, AlertDescription.DecodeError, m => WithBody(m, _ => [])),
        ["something behind Finished"] = (HandshakeType.Finished, AlertDescription.UnexpectedMessage, m => [.. m, 4]),
        ["KeyUpdate before Finished"] = (HandshakeType.Finished, AlertDescription.UnexpectedMessage, m => [.. Message(HandshakeType.KeyUpdate, 0), .. m]),
    };

    private readonly HandshakePair _pair = new();

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    public void Dispose() => _pair.Dispose();

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void A_server_that_breaks_a_rule_fails_with_the_alert_for_it(string name)
    {
        (HandshakeType type, AlertDescription alert, Func<byte[], byte[]> edit) = Cases[name];
        _pair.Tamper = (isToServer, level, data) => isToServer ? data : Edit(data, type, edit);
        (TlsAlertException failure, bool isServers) = _pair.RunToFailure();
        Assert.Equal(alert, failure.Alert);
        Assert.False(isServers);
        if (name != "something behind Finished")
        {
            Assert.Null(_pair.Client.PeerId);
            Assert.False(_pair.Client.IsComplete);
            Assert.DoesNotContain(_pair.ClientSink.Secrets, secret => secret.Level == EncryptionLevel.OneRtt);
        }
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void The_alert_is_the_same_when_the_bytes_arrive_one_by_one(string name)
    {
        if (name == "something behind Finished")
        {
            // Then the byte arrives after Finished, at a level that is complete.
            return;
        }

        _pair.FragmentLength = 1;
        A_server_that_breaks_a_rule_fails_with_the_alert_for_it(name);
    }

    [Fact]
    public void A_server_that_changes_the_ALPN_on_the_way_is_found_out_by_Finished()
    {
        _pair.ClientAlpns = ["a", "b"];
        _pair.ServerAlpns = ["b", "a"];
        _pair.Tamper = (isToServer, level, data) => isToServer ? data : Edit(
            data, HandshakeType.EncryptedExtensions, message => Replace(message, Alpn, Vector16(Vector8((byte)'a'))));
        Assert.Equal(AlertDescription.DecryptError, _pair.RunToFailure().Alert.Alert);
    }

    [Fact]
    public void A_server_that_has_another_identity_is_refused_and_named()
    {
        using SecretKey other = SecretKey.Generate();
        _pair.ExpectedPeer = other.Id;
        (TlsAlertException alert, bool isServers) = _pair.RunToFailure();
        Assert.False(isServers);
        Assert.Equal(AlertDescription.UnknownCa, alert.Alert);
        Assert.Equal(0x130ul, alert.ErrorCode);
        Assert.Equal(_pair.ServerId, alert.ClaimedPeer);
    }

    [Theory]
    [InlineData(CertificateType.RawPublicKey, CertificateType.X509)]
    [InlineData(CertificateType.X509, CertificateType.RawPublicKey)]
    internal void Sides_without_a_common_certificate_type_fail(CertificateType client, CertificateType server)
    {
        _pair.ClientTypes = [client];
        _pair.ServerTypes = [server];
        AlertDescription? alert = _pair.RunToFailure().Alert.Alert;
        Assert.Equal(client == CertificateType.X509 ? AlertDescription.HandshakeFailure : AlertDescription.UnsupportedCertificate, alert);
    }

    [Fact]
    public void A_server_that_does_not_ask_who_the_client_is_is_accepted_but_not_told()
    {
        _pair.Tamper = (isToServer, level, data) => isToServer ? data : Edit(data, HandshakeType.CertificateRequest, _ => []);
        (TlsAlertException alert, bool isServers) = _pair.RunToFailure();

        // The signature covers the request, so that leaving it out on the way is found out; the message as such was accepted.
        Assert.False(isServers);
        Assert.Equal(AlertDescription.DecryptError, alert.Alert);
    }

    private static byte[] Downgrade(byte[] message, byte version)
    {
        byte[] changed = [.. message];
        "DOWNGRD"u8.CopyTo(changed.AsSpan(4 + 2 + 24));
        changed[4 + 2 + 31] = version;
        return changed;
    }
}
