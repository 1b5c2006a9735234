namespace IrohRpc.Transports.Tests.Tls;

/// <summary>Admits as it is told, and counts what becomes of its leases.</summary>
internal sealed class RecordingAdmission : IHandshakeAdmission
{
    private readonly Lock _lock = new();
    private readonly List<Lease> _leases = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waits = [];

    public bool Admits { get; set; } = true;

    public int Asked { get; private set; }

    public IReadOnlyList<Lease> Leases
    {
        get
        {
            lock (_lock)
            {
                return [.. _leases];
            }
        }
    }

    public IHandshakeLease? TryAdmit(TransportAddress remoteAddress)
    {
        lock (_lock)
        {
            Asked++;
            if (!Admits)
            {
                return null;
            }

            var lease = new Lease(remoteAddress);
            _leases.Add(lease);
            foreach ((int count, TaskCompletionSource reached) in _waits)
            {
                if (_leases.Count >= count)
                {
                    reached.TrySetResult();
                }
            }

            return lease;
        }
    }

    /// <summary>Completes once this many were admitted in all.</summary>
    public Task AdmittedAsync(int count)
    {
        lock (_lock)
        {
            if (_leases.Count >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((count, reached));
            return reached.Task.WaitAsync(TlsPeer.Patience);
        }
    }

    internal sealed class Lease(TransportAddress remoteAddress) : IHandshakeLease
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _disposals;

        public TransportAddress RemoteAddress { get; } = remoteAddress;

        public List<EndpointId> Completed { get; } = [];

        public int Disposals => Volatile.Read(ref _disposals);

        public Task Released => _released.Task.WaitAsync(TlsPeer.Patience);

        public void HandshakeCompleted(EndpointId peerId) => Completed.Add(peerId);

        public void Dispose()
        {
            Interlocked.Increment(ref _disposals);
            _released.TrySetResult();
        }
    }
}
