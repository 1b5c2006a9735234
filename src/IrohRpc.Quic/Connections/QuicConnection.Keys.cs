using System.Security.Cryptography;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.ConnectionIds;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.NatTraversal;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Spaces;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Quic.Connections;

// The keys of each level, from the secrets that the handshake yields to the time when they are of no use any more.
internal sealed partial class QuicConnection
{
    void ITlsHandshakeSink.OnSecret(EncryptionLevel level, SecretDirection direction, CipherSuite suite, ReadOnlySpan<byte> secret)
    {
        if (level == EncryptionLevel.OneRtt)
        {
            SetOneRttSecret(direction, suite, secret);
            return;
        }

        SpaceState space = SpaceOf(level);
        if (direction == SecretDirection.Read)
        {
            space.Opening = new OpeningKeys(suite, secret);
            _recovery.HasHandshakeKeys |= level == EncryptionLevel.Handshake;
        }
        else
        {
            space.Sealing = new SealingKeys(suite, secret);
        }
    }

    private static PacketSpace SpaceNumberOf(EncryptionLevel level) => level switch
    {
        EncryptionLevel.Initial => PacketSpace.Initial,
        EncryptionLevel.Handshake => PacketSpace.Handshake,
        _ => PacketSpace.Application,
    };

    private SpaceState SpaceOf(EncryptionLevel level) => _spaces[(int)SpaceNumberOf(level)];

    private void SetOneRttSecret(SecretDirection direction, CipherSuite suite, ReadOnlySpan<byte> secret)
    {
        if (direction == SecretDirection.Read)
        {
            _oneRttPeerSecret = secret.ToArray();
        }
        else
        {
            _oneRttLocalSecret = secret.ToArray();
        }

        // A server learns both only once the client has proved who it is: nothing is sent at 1-RTT before.
        if (_oneRttLocalSecret is not null && _oneRttPeerSecret is not null)
        {
            _oneRtt = new OneRttKeys(suite, _oneRttLocalSecret, _oneRttPeerSecret);
            WipeSecrets();

            // A client sends no 0-RTT packets once it has keys for 1-RTT (RFC 9001, section 4.9.3).
            if (!IsServer)
            {
                Application.DisposeKeys();
            }
        }
    }

    private void WipeSecrets()
    {
        CryptographicOperations.ZeroMemory(_oneRttLocalSecret);
        CryptographicOperations.ZeroMemory(_oneRttPeerSecret);
        _oneRttLocalSecret = null;
        _oneRttPeerSecret = null;
    }

    private void DeriveInitialKeys(in ConnectionId destination)
    {
        Initial.DisposeKeys();
        (Initial.Sealing, Initial.Opening) = InitialKeys.Derive(destination, IsServer);
    }

    private void Discard(PacketSpace number)
    {
        SpaceState space = _spaces[(int)number];
        if (!space.IsDiscarded)
        {
            space.Discard();
            _spaces[(int)number] = SpaceState.Discarded(number);
            _recovery.Discard(number, _now);
        }
    }
}
