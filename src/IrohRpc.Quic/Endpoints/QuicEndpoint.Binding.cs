using System.Net;
using System.Net.Sockets;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Endpoints.Sockets;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Quic.Endpoints;

// The address that the socket is bound to, which the machine may lose and get back.
internal sealed partial class QuicEndpoint
{
    private readonly IPEndPoint _localEndPoint;
    private DatagramSocket _socket;
    private volatile bool _isAddressLost;
    private volatile bool _mustBindAgain;

    /// <summary>Where the socket is bound, or will be again once the machine has the address back.</summary>
    public IPEndPoint LocalEndPoint => _localEndPoint;

    /// <summary>Whether the machine has lost the one address that the socket is bound to.</summary>
    public bool IsAddressLost => _isAddressLost;

    /// <summary>Whether datagrams to a destination leave from here.</summary>
    public bool Reaches(in UdpAddress destination) => !_isAddressLost && _socket.Reaches(destination);

    /// <summary>
    /// The machine's network may have changed. A socket that is bound to an address which is gone sends nothing until the machine has it back; it is bound again then,
    /// since not every system lets it live on.
    /// </summary>
    /// <param name="addresses">The addresses that the machine has now, without scopes.</param>
    public void HandleNetworkChanged(IReadOnlySet<IPAddress> addresses)
    {
        IPAddress own = _localEndPoint.Address;
        if (own.Equals(IPAddress.Any) || own.Equals(IPAddress.IPv6Any) || IPAddress.IsLoopback(own) || _socket is not UdpSocket)
        {
            return;
        }

        bool isLost = !addresses.Contains(new IPAddress(own.GetAddressBytes()));
        if (_isAddressLost && !isLost)
        {
            _mustBindAgain = true;
            _socket.Wake();
        }
        else if (isLost && !_isAddressLost)
        {
            _isAddressLost = true;
            LogAddressLost(_logger, _localEndPoint);
        }
    }

    // On the endpoint's thread, which alone waits for the socket and receives from it. Others may be about to send, and meet a closed socket: what they send is lost.
    private void BindAgain()
    {
        _mustBindAgain = false;
        _socket.Dispose();
        try
        {
            _socket = UdpSocket.Bind(_localEndPoint, _options.UsesPlainSocket);
            _isAddressLost = false;
            LogBoundAgain(_logger, _localEndPoint);
        }
        catch (SocketException exception)
        {
            // The next change of the network is another chance. Until then the thread waits at a socket that nobody knows.
            _socket = UdpSocket.Bind(
                new IPEndPoint(_localEndPoint.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, 0), _options.UsesPlainSocket);
            LogNotBoundAgain(_logger, _localEndPoint, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The machine has lost the address {EndPoint} that a QUIC socket is bound to.")]
    private static partial void LogAddressLost(ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(Level = LogLevel.Information, Message = "The machine has the address {EndPoint} back, and the QUIC socket is bound to it again.")]
    private static partial void LogBoundAgain(ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(Level = LogLevel.Error, Message = "The machine has the address {EndPoint} back, but the QUIC socket cannot be bound to it.")]
    private static partial void LogNotBoundAgain(ILogger logger, IPEndPoint endPoint, Exception exception);
}
