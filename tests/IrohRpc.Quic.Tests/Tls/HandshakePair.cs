using IrohRpc.Identity;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Authentication;
using IrohRpc.Quic.Tls.Messages;
using IrohRpc.Quic.Tls.Resumption;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Quic.Tests.Tls;

/// <summary>A client and a server, and the bytes between them, which a test can look at and change.</summary>
internal sealed class HandshakePair : IDisposable
{
    public static readonly byte[] ClientParameters = [0x01, 0x02, 0x67, 0x10];
    public static readonly byte[] ServerParameters = [0x01, 0x01, 0x20];

    private readonly SecretKey _clientKey = SecretKey.Generate();
    private readonly SecretKey _serverKey = SecretKey.Generate();
    private readonly PeerCertificateSource _clientCertificates;
    private readonly PeerCertificateSource _serverCertificates;

    public HandshakePair()
    {
        _clientCertificates = new PeerCertificateSource(_clientKey);
        _serverCertificates = new PeerCertificateSource(_serverKey);
        ExpectedPeer = _serverKey.Id;
        TicketKeys = new TicketKeys(Time);
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.Parse("2026-11-27T19:00:00Z", null));

    public EndpointId ClientId => _clientKey.Id;

    public EndpointId ServerId => _serverKey.Id;

    public EndpointId ExpectedPeer { get; set; }

    public IReadOnlyList<CertificateType>? ClientTypes { get; set; }

    public IReadOnlyList<CertificateType>? ServerTypes { get; set; }

    public IReadOnlyList<CipherSuite> ClientSuites { get; set; } =
        [CipherSuite.Aes128Gcm, CipherSuite.Aes256Gcm, CipherSuite.ChaCha20Poly1305];

    public IReadOnlyList<CipherSuite> ServerSuites { get; set; } =
        [CipherSuite.Aes128Gcm, CipherSuite.Aes256Gcm, CipherSuite.ChaCha20Poly1305];

    public IReadOnlyList<NamedGroup> ClientGroups { get; set; } = [NamedGroup.X25519, NamedGroup.Secp256r1];

    public IReadOnlyList<NamedGroup> ServerGroups { get; set; } = [NamedGroup.X25519, NamedGroup.Secp256r1];

    public IReadOnlyList<string> ClientAlpns { get; set; } = ["echo/1"];

    public IReadOnlyList<string> ServerAlpns { get; set; } = ["echo/1"];

    public string? ServerName { get; set; }

    public bool WantsTickets { get; set; } = true;

    public TicketKeys? TicketKeys { get; set; }

    public TlsSession? Session { get; set; }

    public bool OffersEarlyData { get; set; }

    public EarlyDataReplayFilter? ReplayFilter { get; set; }

    public byte[] EarlyDataContext { get; set; } = [];

    public Func<EndpointId, bool>? AdmitPeer { get; set; }

    /// <summary>Changes what one side sends, a flight at a time; null drops nothing.</summary>
    public Func<bool, EncryptionLevel, byte[], byte[]>? Tamper { get; set; }

    /// <summary>How many bytes each call of Receive gets at most.</summary>
    public int FragmentLength { get; set; } = int.MaxValue;

    public TlsHandshake Client { get; private set; } = null!;

    public TlsHandshake Server { get; private set; } = null!;

    public RecordingSink ClientSink { get; private set; } = new();

    public RecordingSink ServerSink { get; private set; } = new();

    public void Prepare()
    {
        ClientSink = new RecordingSink();
        ServerSink = new RecordingSink();
        Client = TlsHandshake.CreateClient(
            new TlsClientOptions
            {
                Identity = new TlsIdentity(_clientKey, _clientCertificates),
                ExpectedPeer = ExpectedPeer,
                Alpns = ClientAlpns,
                TransportParameters = ClientParameters,
                CertificateTypes = ClientTypes,
                CipherSuites = ClientSuites,
                Groups = ClientGroups,
                ServerName = ServerName,
                WantsTickets = WantsTickets,
                Session = Session,
                OffersEarlyData = OffersEarlyData,
                TimeProvider = Time,
            },
            ClientSink);
        Server = TlsHandshake.CreateServer(
            new TlsServerOptions
            {
                Identity = new TlsIdentity(_serverKey, _serverCertificates),
                Alpns = ServerAlpns,
                TransportParameters = ServerParameters,
                CertificateTypes = ServerTypes,
                CipherSuites = ServerSuites,
                Groups = ServerGroups,
                TicketKeys = TicketKeys,
                EarlyData = ReplayFilter,
                EarlyDataContext = EarlyDataContext,
                AdmitPeer = AdmitPeer,
                TimeProvider = Time,
            },
            ServerSink);
        Client.Start();
    }

    /// <summary>Runs the handshake to its end.</summary>
    public void Run()
    {
        Prepare();
        while (ClientSink.Output.Count > 0 || ServerSink.Output.Count > 0)
        {
            Deliver(ClientSink, Server, isToServer: true);
            Deliver(ServerSink, Client, isToServer: false);
        }
    }

    /// <summary>Runs a handshake and returns a session to resume.</summary>
    public TlsSession RunForSession()
    {
        Session = null;
        Run();
        return ClientSink.Sessions[0];
    }

    /// <summary>Runs the handshake and returns the alert that ends it, and which side raised it.</summary>
    public (TlsAlertException Alert, bool IsServers) RunToFailure()
    {
        Prepare();
        while (ClientSink.Output.Count > 0 || ServerSink.Output.Count > 0)
        {
            try
            {
                Deliver(ClientSink, Server, isToServer: true);
            }
            catch (TlsAlertException alert)
            {
                return (alert, true);
            }

            try
            {
                Deliver(ServerSink, Client, isToServer: false);
            }
            catch (TlsAlertException alert)
            {
                return (alert, false);
            }
        }

        throw new InvalidOperationException("The handshake did not fail.");
    }

    public void Dispose()
    {
        Client?.Dispose();
        Server?.Dispose();
        _clientCertificates.Dispose();
        _serverCertificates.Dispose();
        _clientKey.Dispose();
        _serverKey.Dispose();
    }

    private void Deliver(RecordingSink from, TlsHandshake to, bool isToServer)
    {
        while (from.Output.TryDequeue(out (EncryptionLevel Level, byte[] Data) flight))
        {
            byte[] data = Tamper?.Invoke(isToServer, flight.Level, flight.Data) ?? flight.Data;
            for (int position = 0; position < data.Length;)
            {
                int length = Math.Min(FragmentLength, data.Length - position);
                to.Receive(flight.Level, data.AsSpan(position, length));
                position += length;
            }
        }
    }
}
