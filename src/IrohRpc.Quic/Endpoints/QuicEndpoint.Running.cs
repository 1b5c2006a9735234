using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Endpoints;

// The thread: waits for datagrams and for the next timer.
internal sealed partial class QuicEndpoint
{
    // So many receive calls in a row, and then those who have something to send get their turn.
    private const int MaxReceiveCalls = 8;

    private readonly Thread _thread;
    private readonly ITimer? _clockTimer;
    private readonly List<EndpointConnection> _touched = [];
    private readonly List<EndpointConnection> _visiting = [];
    private readonly Lock _timersLock = new();
    private readonly PriorityQueue<ConnectionTimer, TimeSpan> _timers = new();
    private readonly Lock _flushLock = new();
    private List<EndpointConnection> _flushes = [];
    private List<EndpointConnection> _flushing = [];
    private TimeSpan _waitsUntil;

    /// <inheritdoc/>
    void Sockets.IDatagramReceiver.Receive(Span<byte> datagram, in NetworkPath path, EcnCodepoint ecn)
    {
        try
        {
            Dispatch(datagram, path, ecn);
        }
#pragma warning disable CA1031 // One connection's fault must not end the thread that serves all.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFault(_logger, LocalEndPoint, exception);
        }
    }

    /// <inheritdoc/>
    void Sockets.IDatagramReceiver.HandleBatch()
    {
        foreach (EndpointConnection connection in _touched)
        {
            Guard(connection, static (connection, _) => connection.Tell());
        }
    }

    /// <inheritdoc/>
    void Sockets.IDatagramReceiver.HandleUnreachable(UdpAddress destination)
    {
        EndpointConnection[] connections;
        lock (_usersLock)
        {
            connections = [.. _connections];
        }

        foreach (EndpointConnection connection in connections)
        {
            connection.HandleUnreachable(destination);
        }
    }

    /// <summary>Has the thread send what a connection has to send.</summary>
    internal void RequestFlush(EndpointConnection connection)
    {
        lock (_flushLock)
        {
            _flushes.Add(connection);
            if (_flushes.Count > 1)
            {
                return;
            }
        }

        // The thread itself looks before it waits.
        if (Thread.CurrentThread != _thread)
        {
            _socket.Wake();
        }
    }

    /// <summary>How many timers wait, stale ones among them.</summary>
    internal int TimerCount
    {
        get
        {
            lock (_timersLock)
            {
                return _timers.Count;
            }
        }
    }

    /// <summary>Has the thread look at a connection at a time.</summary>
    internal void AddTimer(ConnectionTimer timer, TimeSpan due)
    {
        bool isEarlier;
        lock (_timersLock)
        {
            _timers.Enqueue(timer, due);
            isEarlier = due < _waitsUntil;
        }

        if (isEarlier && Thread.CurrentThread != _thread)
        {
            _socket.Wake();
        }
    }

    private void Run()
    {
        while (!Volatile.Read(ref _isClosed))
        {
            if (_mustBindAgain)
            {
                BindAgain();
            }
            else if (!HasFlushRequests)
            {
                Wait();
            }

            for (int i = 0; i < MaxReceiveCalls && _socket.Receive(this); i++)
            {
                FlushTouched();
            }

            FlushTouched();
            FlushRequested();
            HandleTimers();
        }

        _clockTimer?.Dispose();
        _socket.Dispose();
        _tokens.Dispose();
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(_resetKey);
        _closed.SetResult();
    }

    private bool HasFlushRequests
    {
        get
        {
            lock (_flushLock)
            {
                return _flushes.Count > 0;
            }
        }
    }

    private void Wait()
    {
        TimeSpan due;
        lock (_timersLock)
        {
            due = _timers.TryPeek(out _, out TimeSpan next) ? next : TimeSpan.MaxValue;
            _waitsUntil = due;
        }

        TimeSpan? timeout = due == TimeSpan.MaxValue ? null : due - Now;
        if (_clockTimer is null)
        {
            _socket.Wait(timeout);
            return;
        }

        // A clock of the user's: its timers say when it is time. They count whole milliseconds, and one that is rounded down would strike again.
        _clockTimer.Change(
            timeout is { } time ? TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(time.TotalMilliseconds), 0, int.MaxValue)) : Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);

        // The clock may have moved on before the timer was set, and may not move again.
        if (due > Now)
        {
            _socket.Wait(null);
        }
    }

    private void Dispatch(Span<byte> datagram, in NetworkPath path, EcnCodepoint ecn)
    {
        if (!InvariantHeader.TryRead(datagram, QuicConnection.LocalConnectionIdLength, out InvariantHeader header)
            || header.DestinationConnectionId.Length > ConnectionId.MaxLength)
        {
            AnswerUnknownVersion(datagram, path);
            return;
        }

        var destination = new ConnectionId(header.DestinationConnectionId);
        if (!_routes.TryGetValue(destination, out EndpointConnection? connection))
        {
            connection = HandleUnrouted(datagram, header, destination, path);
            if (connection is null)
            {
                return;
            }
        }
        else if (connection.Pending is { } pending)
        {
            pending.HasAnswered = true;
        }

        Touch(connection);
        try
        {
            connection.Receive(datagram, path, ecn);
        }
#pragma warning disable CA1031 // One connection's fault must not end the thread that serves all.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            GiveUp(connection, exception);
        }
    }

    private void Touch(EndpointConnection connection)
    {
        if (connection.Endpoint != this)
        {
            if (_visiting.Count == 0 || _visiting[^1] != connection)
            {
                _visiting.Add(connection);
            }

            return;
        }

        if (!connection.IsTouched)
        {
            connection.IsTouched = true;
            _touched.Add(connection);
        }
    }

    private void FlushTouched()
    {
        foreach (EndpointConnection connection in _touched)
        {
            connection.IsTouched = false;
            Guard(connection, static (connection, _) => connection.Flush());
        }

        _touched.Clear();
        foreach (EndpointConnection connection in _visiting)
        {
            Guard(connection, static (connection, _) => connection.Flush());
        }

        _visiting.Clear();
    }

    private void FlushRequested()
    {
        lock (_flushLock)
        {
            (_flushes, _flushing) = (_flushing, _flushes);
        }

        foreach (EndpointConnection connection in _flushing)
        {
            Guard(connection, static (connection, _) => connection.Flush());
        }

        _flushing.Clear();
    }

    private void HandleTimers()
    {
        TimeSpan now = Now;
        while (true)
        {
            ConnectionTimer? timer;
            TimeSpan due;
            lock (_timersLock)
            {
                if (!_timers.TryPeek(out timer, out due) || due > now)
                {
                    // Whoever sets a timer meanwhile need not wake this thread: it looks again before it waits.
                    _waitsUntil = TimeSpan.Zero;
                    return;
                }

                _timers.Dequeue();
            }

            if (timer.Connection is { } connection)
            {
                Guard(connection, static (connection, due) => connection.HandleTimer(due), due);
            }
        }
    }

    private void Guard(EndpointConnection connection, Action<EndpointConnection, TimeSpan> action, TimeSpan due = default)
    {
        try
        {
            action(connection, due);
        }
#pragma warning disable CA1031 // One connection's fault must not end the thread that serves all.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            GiveUp(connection, exception);
        }
    }

    /// <summary>Ends a connection in which this side met an error of its own. Never throws.</summary>
    internal void GiveUp(EndpointConnection connection, Exception exception)
    {
        LogFault(_logger, LocalEndPoint, exception);
        try
        {
            connection.Abandon();
        }
#pragma warning disable CA1031 // There is nobody left to tell.
        catch (Exception second)
#pragma warning restore CA1031
        {
            LogFault(_logger, LocalEndPoint, second);
        }
    }
}
