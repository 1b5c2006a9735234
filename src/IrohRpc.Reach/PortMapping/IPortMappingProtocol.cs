namespace IrohRpc.Reach.PortMapping;

/// <summary>A way to ask one router for port mappings. Used by one caller at a time.</summary>
internal interface IPortMappingProtocol : IDisposable
{
    /// <summary>How log lines name it.</summary>
    string Name { get; }

    /// <summary>Asks for a mapping, or renews it.</summary>
    /// <exception cref="PortMappingException">The router has given none.</exception>
    Task<MappedPort> MapAsync(PortMappingRequest request, CancellationToken cancellationToken);

    /// <summary>Gives a mapping back.</summary>
    /// <exception cref="PortMappingException">The router has not agreed.</exception>
    Task UnmapAsync(MappedPort mapping, int internalPort, CancellationToken cancellationToken);
}
