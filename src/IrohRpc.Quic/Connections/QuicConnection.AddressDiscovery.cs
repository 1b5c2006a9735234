using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Spaces;

namespace IrohRpc.Quic.Connections;

// Address discovery (draft-seemann-quic-address-discovery): each side may tell the other at which address it sees it, which behind a NAT is not the one that it knows.
internal sealed partial class QuicConnection
{
    private bool _reportsAddress;
    private bool _mustSendObserved;
    private long _observedSequence;
    private UdpAddress _reported;
    private long _receivedObservedSequence = -1;

    /// <summary>Where the peer sees this side; null where it has not told.</summary>
    public UdpAddress? ObservedAddress { get; private set; }

    private void StartAddressDiscovery()
    {
        _reportsAddress = _options.ReportsAddresses && PeerParameters!.WantsObservedAddress;
        ReportAddress();
    }

    // The peer's address may be another one now.
    private void ReportAddress()
    {
        if (_reportsAddress && _path.Path.Remote is { Relayed: null } remote && remote != _reported)
        {
            _reported = remote;
            _observedSequence++;
            _mustSendObserved = true;
        }
    }

    private void WriteObservedAddress(ref FrameWriter writer)
    {
        _mustSendObserved = false;
        writer.Write(_reported.IsIPv6 ? ExtensionNumbers.ObservedAddressIPv6 : ExtensionNumbers.ObservedAddressIPv4, _observedSequence);
        WriteAddress(ref writer, _reported);
        _sentFrames.Add(ConnectionFrameKind.ObservedAddress);
    }

    private bool TryReceiveObservedAddress(ref FrameReader reader, PacketType type)
    {
        long frame = reader.FrameType;
        if (frame is not (ExtensionNumbers.ObservedAddressIPv4 or ExtensionNumbers.ObservedAddressIPv6))
        {
            return false;
        }

        if (!_options.WantsObservedAddress || type != PacketType.OneRtt || PeerParameters is not { ReportsAddresses: true })
        {
            throw Violation(frame, "an observed address came that was not agreed on");
        }

        long sequence = reader.ReadInteger();
        UdpAddress address = ReadAddress(ref reader, frame == ExtensionNumbers.ObservedAddressIPv6);
        if (sequence > _receivedObservedSequence)
        {
            _receivedObservedSequence = sequence;
            ObservedAddress = address;
            _events |= ConnectionEvents.AddressObserved;
        }

        return true;
    }
}
