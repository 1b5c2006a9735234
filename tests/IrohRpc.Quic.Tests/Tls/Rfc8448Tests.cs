using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Keys;

namespace IrohRpc.Quic.Tests.Tls;

/// <summary>
/// The traces of RFC 8448. Its servers sign by RSA and its hellos have no QUIC parameters, so that they are replayed on the key exchange, the transcript and the key schedule.
/// </summary>
public class Rfc8448Tests
{
    private const string ClientHello =
        "010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113031302010000910000000b0009000006736572766572ff01000100000a001400"
        + "12001d0017001800190100010101020103010400230000003300260024001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c002b0003020304000d0020"
        + "001e040305030603020308040805080604010501060102010402050206020202002d00020101001c00024001";

    private const string ServerHello =
        "020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e00330024001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1"
        + "dd69b1b04e751f0f002b00020304";

    private const string EncryptedExtensions = "080000240022000a00140012001d00170018001901000101010201030104001c0002400100000000";

    private const string Certificate =
        "0b0001b9000001b50001b0308201ac30820115a003020102020102300d06092a864886f70d01010b0500300e310c300a06035504031303727361301e170d3136303733303031323335395a17"
        + "0d3236303733303031323335395a300e310c300a0603550403130372736130819f300d06092a864886f70d010101050003818d0030818902818100b4bb498f8279303d980836399b36c698"
        + "8c0c68de55e1bdb826d3901a2461eafd2de49a91d015abbc9a95137ace6c1af19eaa6af98c7ced43120998e187a80ee0ccb0524b1b018c3e0b63264d449a6d38e22a5fda43084674803053"
        + "0ef0461c8ca9d9efbfae8ea6d1d03e2bd193eff0ab9a8002c47428a6d35a8d88d79f7f1e3f0203010001a31a301830090603551d1304023000300b0603551d0f0404030205a0300d06092a"
        + "864886f70d01010b05000381810085aad2a0e5b9276b908c65f73a7267170618a54c5f8a7b337d2df7a594365417f2eae8f8a58c8f8172f9319cf36b7fd6c55b80f21a03015156726096fd"
        + "335e5e67f2dbf102702e608ccae6bec1fc63a42a99be5c3eb7107c3c54e9b9eb2bd5203b1c3b84e0a8b2f759409ba3eac9d91d402dcc0cc8f8961229ac9187b42b4de10000";

    private const string CertificateVerify =
        "0f000084080400805a747c5d88fa9bd2e55ab085a61015b7211f824cd484145ab3ff52f1fda8477b0b7abc90db78e2d33a5c141a078653fa6bef780c5ea248eeaaa785c4f394cab6d30bbe"
        + "8d4859ee511f602957b15411ac027671459e46445c9ea58c181e818e95b8c3fb0bf3278409d3be152a3da5043e063dda65cdf5aea20d53dfacd42f74f3";

    private const string ServerFinished = "140000209b9b141d906337fbd2cbdce71df4deda4ab42c309572cb7fffee5454b78f0718";
    private const string ClientFinished = "14000020a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61";
    private const string SharedSecret = "8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d";
    private const string ResumptionKey = "4ecd0eb6ec3b4d87f5d6028f922ca4c5851a277fd41311c9e62d2c9492e1c4f3";

    [Theory]
    [InlineData("49af42ba7f7994852d713ef2784bcbcaa7911de26adc5642cb634540e7ea5005", "99381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c",
        "c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f")]
    [InlineData("b1580eeadf6dd589b8ef4f2d5652578cc810e9980191ec8d058308cea216a21e", "c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f",
        "99381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c")]
    public void Section_3_key_exchange(string own, string ownPublic, string peerPublic)
    {
        using var share = new X25519KeyShare(destination => Hex(own).CopyTo(destination));
        Assert.Equal(ownPublic, Convert.ToHexStringLower(share.PublicKey));
        using SecretBytes secret = share.Agree(Hex(peerPublic));
        Assert.Equal(SharedSecret, Convert.ToHexStringLower(secret.Span));
    }

    [Fact]
    public void Section_3_secrets_and_Finished_of_a_full_handshake()
    {
        CipherSuite suite = CipherSuite.Aes128Gcm;
        using var secrets = new HandshakeSecrets(new KeySchedule(suite, []), new TranscriptHash(suite));
        secrets.Append(Hex(ClientHello));
        secrets.Append(Hex(ServerHello));
        using var shared = new SecretBytes(Hex(SharedSecret));
        secrets.EnterHandshake(shared);
        Assert.Equal("b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21", Convert.ToHexStringLower(secrets.ClientHandshake!.Span));
        Assert.Equal("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38", Convert.ToHexStringLower(secrets.ServerHandshake!.Span));

        secrets.Append(Hex(EncryptedExtensions));
        secrets.Append(Hex(Certificate));
        secrets.Append(Hex(CertificateVerify));
        Assert.Equal(ServerFinished[8..], Finished(secrets, secrets.ServerHandshake));
        secrets.Append(Hex(ServerFinished));
        secrets.EnterApplication();
        Assert.Equal("9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5", Convert.ToHexStringLower(secrets.ClientApplication!.Span));
        Assert.Equal("a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643", Convert.ToHexStringLower(secrets.ServerApplication!.Span));

        Assert.Equal(ClientFinished[8..], Finished(secrets, secrets.ClientHandshake));
        secrets.Append(Hex(ClientFinished));
        secrets.Complete();
        Assert.Equal("7df235f2031d2a051287d02b0241b0bfdaf86cc856231f2d5aba46c434ec196c", Convert.ToHexStringLower(secrets.Resumption!.Span));
        using SecretBytes ticketKey = secrets.DeriveTicketKey([0, 0]);
        Assert.Equal(ResumptionKey, Convert.ToHexStringLower(ticketKey.Span));
    }

    [Fact]
    public void Section_4_binder_and_early_secret_of_a_resumed_handshake()
    {
        using var schedule = new KeySchedule(CipherSuite.Aes128Gcm, Hex(ResumptionKey));
        using SecretBytes binderKey = schedule.DeriveUnbound("res binder");
        Assert.Equal("69fe131a3bbad5d63c64eebcc30e395b9d8107726a13d074e389dbc8a4e47256", Convert.ToHexStringLower(binderKey.Span));
        byte[] binder = new byte[32];
        KeySchedule.ComputeFinished(
            CipherSuite.Aes128Gcm, binderKey.Span, Hex("63224b2e4573f2d3454ca84b9d009a04f6be9e05711a8396473aefa01e924a14"), binder);
        Assert.Equal("3add4fb2d8fdf822a0ca3cf7678ef5e88dae990141c5924d57bb6fa31b9e5f9d", Convert.ToHexStringLower(binder));
        using SecretBytes early = schedule.Derive("c e traffic", Hex("08ad0fa05d7c7233b1775ba2ff9f4c5b8b59276b7f227f13a976245f5d960913"));
        Assert.Equal("3fbbe6a60deb66c30a32795aba0eff7eaa10105586e7be5c09678d63b6caab62", Convert.ToHexStringLower(early.Span));
    }

    [Fact]
    public void Section_5_secrets_after_a_HelloRetryRequest_on_P_256()
    {
        using var schedule = new KeySchedule(CipherSuite.Aes128Gcm, []);
        schedule.EnterHandshake(Hex("c142ce13ca11b5c2233652e63ad3d97844f1621fbfb9de69d547dc8fedeabeb4"));
        byte[] transcript = Hex("8aa8e828ec2f8a884fec95a3139de01c15a3daa7ff5bfc3f4bfcc21b438d7bf8");
        using SecretBytes client = schedule.Derive("c hs traffic", transcript);
        using SecretBytes server = schedule.Derive("s hs traffic", transcript);
        Assert.Equal("158aa7ab8855073582b41d674b4055cabcc534728f659314861b4e08e2011566", Convert.ToHexStringLower(client.Span));
        Assert.Equal("3403e781e2af7b6508da28574f6e95a1abf162de83a97927c37672a4a0cef8a1", Convert.ToHexStringLower(server.Span));
    }

    private static string Finished(HandshakeSecrets secrets, SecretBytes key)
    {
        byte[] output = new byte[secrets.Suite.HashLength];
        KeySchedule.ComputeFinished(secrets.Suite, key.Span, secrets.Hash(new byte[TranscriptHash.MaxLength]), output);
        return Convert.ToHexStringLower(output);
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}
