using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Messages;
using static IrohRpc.Quic.Tests.Tls.MessageEditor;

namespace IrohRpc.Quic.Tests.Tls;

/// <summary>What a server does with the later messages of a client that break a rule.</summary>
public sealed class HostileClientTests : IDisposable
{
    private static readonly Dictionary<string, (HandshakeType Type, AlertDescription Alert, Func<byte[], byte[]> Edit)> Cases = new()
    {
        ["empty Certificate"] = (HandshakeType.Certificate, AlertDescription.CertificateRequired, m => WithBody(m, _ => [0, 0, 0, 0])),
        ["no Certificate"] = (HandshakeType.Certificate, AlertDescription.UnexpectedMessage, _ => []),
        ["no CertificateVerify"] = (HandshakeType.CertificateVerify, AlertDescription.UnexpectedMessage, _ => []),
        ["Certificate twice"] = (HandshakeType.Certificate, AlertDescription.UnexpectedMessage, m => [.. m, .. m]),
        ["two public keys"] = (HandshakeType.Certificate, AlertDescription.BadCertificate, m => WithBody(m, b => [0, 0, 0, 98, .. b[4..], .. b[4..]])),
        ["somebody else's key"] = (HandshakeType.Certificate, AlertDescription.DecryptError, m => WithBody(m, b => [.. b[..30], (byte)(b[30] ^ 1), .. b[31..]])),
        ["key that is no point"] = (HandshakeType.Certificate, AlertDescription.DecryptError, m => WithBody(m, b => [.. b[..19], 2, .. new byte[31], .. b[51..]])),
        ["key of small order"] = (HandshakeType.Certificate, AlertDescription.DecryptError, m => WithBody(m, b => [.. b[..19], 1, .. new byte[31], .. b[51..]])),
        ["extension of a certificate"] = (HandshakeType.Certificate, AlertDescription.UnsupportedExtension, m => WithBody(m, b => [0, 0, 0, 53, .. b[4..51], 0, 4, 0, 5, 0, 0])),
        ["wrong signature"] = (HandshakeType.CertificateVerify, AlertDescription.DecryptError, m => WithBody(m, b => [.. b[..20], (byte)(b[20] ^ 1), .. b[21..]])),
        ["scheme not offered"] = (HandshakeType.CertificateVerify, AlertDescription.IllegalParameter, m => WithBody(m, b => [4, 3, .. b[2..]])),
        ["wrong Finished"] = (HandshakeType.Finished, AlertDescription.DecryptError, m => WithBody(m, b => [(byte)(b[0] ^ 1), .. b[1..]])),
        ["short Finished"] = (HandshakeType.Finished, AlertDescription.DecodeError, m => WithBody(m, b => b[1..])),
        ["EndOfEarlyData"] = (HandshakeType.Finished, AlertDescription.UnexpectedMessage, m => [.. Message(HandshakeType.EndOfEarlyData), .. m]),
        ["KeyUpdate"] = (HandshakeType.Finished, AlertDescription.UnexpectedMessage, m => [.. Message(HandshakeType.KeyUpdate, 0), .. m]),
        ["something behind Finished"] = (HandshakeType.Finished, AlertDescription.UnexpectedMessage, m => [.. m, 24]),
    };

    private readonly HandshakePair _pair = new();

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    public void Dispose() => _pair.Dispose();

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void A_client_that_breaks_a_rule_fails_with_the_alert_for_it(string name)
    {
        (HandshakeType type, AlertDescription alert, Func<byte[], byte[]> edit) = Cases[name];
        _pair.Tamper = (isToServer, level, data) => isToServer && level == EncryptionLevel.Handshake ? Edit(data, type, edit) : data;
        (TlsAlertException failure, bool isServers) = _pair.RunToFailure();
        Assert.True(isServers);
        Assert.Equal(alert, failure.Alert);
        if (name != "something behind Finished")
        {
            Assert.Null(_pair.Server.PeerId);
            Assert.DoesNotContain(
                _pair.ServerSink.Secrets, secret => secret is { Level: EncryptionLevel.OneRtt, Direction: SecretDirection.Read });
        }
    }

    [Fact]
    public void A_peer_that_is_not_admitted_is_told_access_denied()
    {
        _pair.AdmitPeer = id => id != _pair.ClientId;
        (TlsAlertException failure, bool isServers) = _pair.RunToFailure();
        Assert.True(isServers);
        Assert.Equal(AlertDescription.AccessDenied, failure.Alert);
    }

    [Theory]
    [InlineData(HandshakeType.NewSessionTicket)]
    [InlineData(HandshakeType.KeyUpdate)]
    [InlineData(HandshakeType.ClientHello)]
    [InlineData(HandshakeType.Finished)]
    internal void Nothing_may_follow_the_handshake_from_a_client(HandshakeType type)
    {
        _pair.Run();
        TlsAlertException failure = Assert.Throws<TlsAlertException>(
            () => _pair.Server.Receive(EncryptionLevel.OneRtt, Message(type, new byte[20])));
        Assert.Equal(AlertDescription.UnexpectedMessage, failure.Alert);
    }

    [Theory]
    [InlineData(HandshakeType.KeyUpdate, 0x10a)]
    [InlineData(HandshakeType.ClientHello, 0x10a)]
    [InlineData(HandshakeType.CertificateRequest, 0x0a)]
    internal void Nothing_but_tickets_may_follow_the_handshake_from_a_server(HandshakeType type, ulong code)
    {
        _pair.Run();
        TlsAlertException failure = Assert.Throws<TlsAlertException>(
            () => _pair.Client.Receive(EncryptionLevel.OneRtt, Message(type, new byte[20])));
        Assert.Equal(code, failure.ErrorCode);
    }

    [Theory]
    [InlineData("second ClientHello with another random", 0)]
    [InlineData("second ClientHello with another group", 1)]
    [InlineData("second ClientHello without the share asked for", 2)]
    [InlineData("second ClientHello with two shares", 3)]
    public void After_a_HelloRetryRequest_only_the_key_share_may_change(string name, int which)
    {
        _pair.ServerGroups = [NamedGroup.Secp256r1];
        int hellos = 0;
        byte[] firstShare = [];
        _pair.Tamper = (isToServer, level, data) =>
        {
            if (!isToServer || level != EncryptionLevel.Initial)
            {
                return data;
            }

            if (hellos++ == 0)
            {
                firstShare = Content(data, 51);
                return data;
            }

            return which switch
            {
                0 => WithBody(data, body => [.. body[..10], (byte)(body[10] ^ 1), .. body[11..]]),
                1 => Replace(data, 10, Vector16(0, 0x17)),
                2 => Replace(data, 51, firstShare),
                _ => Replace(data, 51, Vector16([.. Content(data, 51)[2..], .. firstShare[2..]])),
            };
        };
        (TlsAlertException failure, bool isServers) = _pair.RunToFailure();
        Assert.True(isServers, name);
        Assert.Equal(AlertDescription.IllegalParameter, failure.Alert);
    }

    [Theory]
    [InlineData("asks for a group that a key was sent for", 0x1d)]
    [InlineData("asks for a group that was not offered", 0x18)]
    public void A_HelloRetryRequest_that_makes_no_sense_is_refused(string name, int group)
    {
        _pair.ServerGroups = [NamedGroup.Secp256r1];
        _pair.Tamper = (isToServer, level, data) => isToServer ? data : Replace(data, 51, UInt16(group));
        (TlsAlertException failure, bool isServers) = _pair.RunToFailure();
        Assert.False(isServers, name);
        Assert.Equal(AlertDescription.IllegalParameter, failure.Alert);
    }

    [Fact]
    public void A_HelloRetryRequest_that_changes_nothing_is_refused()
    {
        _pair.ServerGroups = [NamedGroup.Secp256r1];
        _pair.Tamper = (isToServer, level, data) => isToServer ? data : Remove(data, 51);
        Assert.Equal(AlertDescription.IllegalParameter, _pair.RunToFailure().Alert.Alert);
    }

    [Fact]
    public void A_second_HelloRetryRequest_is_refused()
    {
        _pair.ServerGroups = [NamedGroup.Secp256r1];
        byte[]? retry = null;
        _pair.Tamper = (isToServer, level, data) => isToServer || level != EncryptionLevel.Initial ? data : retry ??= data;
        (TlsAlertException failure, bool isServers) = _pair.RunToFailure();
        Assert.False(isServers);
        Assert.Equal(AlertDescription.UnexpectedMessage, failure.Alert);
    }

    [Fact]
    public void A_cookie_is_returned()
    {
        _pair.ServerGroups = [NamedGroup.Secp256r1];
        byte[] returned = [];
        int hellos = 0;
        _pair.Tamper = (isToServer, level, data) =>
        {
            if (level != EncryptionLevel.Initial)
            {
                return data;
            }

            if (isToServer)
            {
                if (hellos++ == 1)
                {
                    returned = Content(data, 44);
                }

                return data;
            }

            return hellos == 1 ? Append(data, 44, Vector16(1, 2, 3)) : data;
        };
        _pair.RunToFailure(); // our server asked for no cookie
        Assert.Equal(Vector16(1, 2, 3), returned);
    }
}
