using System.Diagnostics;

namespace IrohRpc.Reach.Laboratory;

/// <summary>miniupnpd in a NAT of the laboratory: it maps ports by PCP, NAT-PMP and UPnP.</summary>
internal sealed class PortMappingRouter : IDisposable
{
    private const string Program = "miniupnpd";

    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    /// <param name="nat">The NAT, whose interfaces are called wan and lan.</param>
    /// <exception cref="LaboratoryException">miniupnpd is missing, or does not start.</exception>
    public PortMappingRouter(NetworkSpace nat)
    {
        if (!Shell.Has(Program))
        {
            throw new LaboratoryException($"{Program} is not installed (Debian: miniupnpd-nftables).");
        }

        nat.Run("nft -f -", """
            table inet miniupnpd {
                chain forward { type filter hook forward priority 0; jump miniupnpd; }
                chain miniupnpd { }
                chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
                chain postrouting { type nat hook postrouting priority 100; jump postrouting_miniupnpd; }
                chain prerouting_miniupnpd { }
                chain postrouting_miniupnpd { }
            }
            """);
        _folder = Directory.CreateTempSubdirectory("irohrpc-router-");
        string settings = Path.Combine(_folder.FullName, "settings");
        File.WriteAllText(settings, """
            ext_ifname=wan
            listening_ip=lan
            http_port=5000
            enable_natpmp=yes
            enable_upnp=yes
            ipv6_disable=yes
            secure_mode=yes
            upnp_table_name=miniupnpd
            upnp_nat_table_name=miniupnpd
            upnp_forward_chain=miniupnpd
            upnp_nat_chain=prerouting_miniupnpd
            upnp_nat_postrouting_chain=postrouting_miniupnpd
            uuid=00000000-0000-0000-0000-000000000001
            allow 1024-65535 192.168.0.0/16 1024-65535
            deny 0-65535 0.0.0.0/0 0-65535

            """);
        _process = nat.Start("sh", "-c", $"exec {Program} -d -f {settings} -P {Path.Combine(_folder.FullName, "pid")} 2>&1");
        var said = new List<string>();
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            said.Add(line);
            if (line.Contains("listening on port", StringComparison.Ordinal))
            {
                _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return;
            }
        }

        Dispose();
        throw new LaboratoryException($"{Program} does not start: {string.Join(' ', said)}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
