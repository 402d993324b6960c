package io.latencystore;

import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.LocationProvider;
import java.util.Set;

/** The classes of this module, without those of its tests. */
final class CoreClasses implements LocationProvider {

  @Override
  public Set<Location> get(Class<?> testClass) {
    return Set.of(
        Location.of(LatencyStore.class.getProtectionDomain().getCodeSource().getLocation()));
  }
}
